import { expect, it } from "vitest";
import { fitted, insideLimits, turned, zoomedAt } from "./viewport";

it("a page is fitted whole, also when turned", () => {
  expect(fitted(416, 816, 800, 1600, 0).scale).toBeCloseTo(0.5);
  expect(fitted(816, 416, 800, 1600, 1).scale).toBeCloseTo(0.5);
  expect(fitted(416, 816, 800, 1600, 1).scale).toBeCloseTo(0.25);
});

it("the point under the pointer stays there while zooming", () => {
  const before = { scale: 1, x: 10, y: -20, quarter: 0 as const };
  const after = zoomedAt(before, 2, 300, 100, 800, 600);
  const imagePoint = (v: typeof before) => [(300 - 400 - v.x) / v.scale, (100 - 300 - v.y) / v.scale];
  expect(imagePoint(after as typeof before)).toEqual(imagePoint(before));
});

it("four quarter turns come back to the beginning", () => {
  expect(turned(turned(turned(turned(0, 1), 1), 1), 1)).toBe(0);
  expect(turned(0, -1)).toBe(3);
});

it("a page cannot be dragged out of sight", () => {
  expect(insideLimits({ scale: 1, x: 9999, y: -9999, quarter: 0 }, 100, 200)).toMatchObject({ x: 200, y: -200 });
});
