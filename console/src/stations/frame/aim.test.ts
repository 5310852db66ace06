import { expect, it } from "vitest";
import { aimedAt } from "./aim";

const A4 = { width: 1654, height: 2339 };
const ROOM = { width: 760, height: 640 };

it("shows the whole page when there is nothing to aim at", () => {
  expect(aimedAt(null, A4, ROOM)).toMatchObject({ x: 0, y: 0, quarter: 0 });
  expect(aimedAt(null, A4, ROOM).scale * A4.height).toBeLessThanOrEqual(ROOM.height);
});

it("brings a field into the middle, enlarged", () => {
  const view = aimedAt({ x: 4500, y: 4800, w: 1000, h: 200 }, A4, ROOM);
  expect(view.scale).toBeGreaterThan(aimedAt(null, A4, ROOM).scale);
  // The field's middle is at half the page's width, a little above half its height.
  expect(Math.abs(view.x)).toBeLessThan(1);
  expect(view.y).toBeCloseTo(0.01 * A4.height * view.scale, 0);
});

it("does not look past the page's edge", () => {
  const view = aimedAt({ x: 0, y: 0, w: 1500, h: 300 }, A4, ROOM);
  expect(view.x).toBeCloseTo((A4.width * view.scale - ROOM.width) / 2, 0);
  expect(view.y).toBeCloseTo((A4.height * view.scale - ROOM.height) / 2, 0);
});

it("does not enlarge a tiny field into fog", () => {
  expect(aimedAt({ x: 5000, y: 5000, w: 10, h: 10 }, A4, ROOM).scale).toBe(1.6);
});
