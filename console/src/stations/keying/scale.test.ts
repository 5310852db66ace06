import { describe, expect, it } from "vitest";
import { scaleOf } from "./SliceView";

const small = { width: 1366, height: 330 };

describe("the size of a slice on the screen", () => {
  it("is one height for every line, so that the eye need not adjust", () => {
    expect(160 * scaleOf({ width: 400, height: 160 }, small, false)).toBeCloseTo(150);
    expect(80 * scaleOf({ width: 300, height: 80 }, small, false)).toBeCloseTo(150);
  });

  it("keeps several lines in their own pixels instead of pressing them into the height of one", () => {
    expect(scaleOf({ width: 883, height: 1079 }, small, false)).toBe(1);
    expect(scaleOf({ width: 2684, height: 1079 }, small, false)).toBeCloseTo(0.5);
  });

  it("uses the room where all lines fit", () => {
    expect(scaleOf({ width: 400, height: 200 }, { width: 1920, height: 640 }, false)).toBeCloseTo(3);
  });

  it("shows the lines around whole", () => {
    expect(883 * scaleOf({ width: 883, height: 1079 }, small, true)).toBeLessThan(330);
  });
});
