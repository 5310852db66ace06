import { expect, it } from "vitest";
import { EyeClock } from "./eyeBreak";

const MINUTE = 60_000;

it("twenty minutes of work call for twenty seconds of rest, and then for none until twenty minutes later", () => {
  const clock = new EyeClock();
  expect(clock.pass(19 * MINUTE, true)).toBe(false);
  expect(clock.pass(MINUTE, true)).toBe(true);
  expect(clock.pass(19_000, true)).toBe(true);
  expect(clock.pass(1_000, true)).toBe(false);
  expect(clock.pass(19 * MINUTE, true)).toBe(false);
  expect(clock.pass(MINUTE, true)).toBe(true);
});

it("a rest that one took anyway counts", () => {
  const clock = new EyeClock();
  clock.pass(19 * MINUTE, true);
  clock.pass(20_000, false);
  expect(clock.pass(MINUTE, true)).toBe(false);
});

it("a moment without work is no rest, and no work either", () => {
  const clock = new EyeClock();
  clock.pass(19 * MINUTE, true);
  clock.pass(5_000, false);
  expect(clock.pass(30_000, true)).toBe(false);
  expect(clock.pass(30_000, true)).toBe(true);
});
