import { expect, it } from "vitest";
import type { Board } from "@/api/types";
import { seriesOf } from "./halfHours";

const day: Board["half_hours"] = [
  { from: "2026-11-23T01:30:00Z", queue: "keying", arrived: 5, done: 2 },
  { from: "2026-11-23T01:00:00Z", queue: "keying", arrived: 3, done: 1 },
  { from: "2026-11-23T01:00:00Z", queue: "checking", arrived: 4, done: 4 },
];

it("all queues are added up per half hour, in the order of the day", () => {
  expect(seriesOf(day, "all")).toEqual({ from: ["2026-11-23T01:00:00Z", "2026-11-23T01:30:00Z"], arrived: [7, 5], done: [5, 2] });
});

it("one queue stands alone", () => {
  expect(seriesOf(day, "checking")).toEqual({ from: ["2026-11-23T01:00:00Z"], arrived: [4], done: [4] });
  expect(seriesOf(day, "authorizing").from).toEqual([]);
});
