import { expect, it } from "vitest";
import { dateOf, formatClock, formatInstant, formatPermille, formatSeconds, secondsBetween } from "./time";

it("an instant is read in the bank's time, whatever the terminal's", () => {
  expect(formatInstant("2026-11-23T07:04:05Z")).toBe("2026-11-23 15:04:05");
  expect(formatInstant("2026-11-23T16:00:00.123456Z")).toBe("2026-11-24 00:00:00");
  expect(formatClock("2026-11-23T07:04:05Z")).toBe("15:04");
  expect(dateOf("2026-11-23T16:00:00Z")).toBe("2026-11-24");
});

it("what is not an instant is shown as it came", () => {
  expect(formatInstant("?")).toBe("?");
});

it("waits are written in minutes and seconds", () => {
  expect(formatSeconds(0)).toBe("0:00");
  expect(formatSeconds(725)).toBe("12:05");
  expect(formatSeconds(3725)).toBe("1:02:05");
  expect(formatSeconds(-5)).toBe("0:00");
});

it("time left may be negative", () => {
  expect(secondsBetween("2026-11-23T00:01:00Z", "2026-11-23T00:00:00Z")).toBe(-60);
});

it("shares keep one decimal without a floating number", () => {
  expect(formatPermille(985)).toBe("98.5%");
  expect(formatPermille(1000)).toBe("100.0%");
});
