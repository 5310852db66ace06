import { expect, it } from "vitest";
import { shownState } from "./fieldState";

const candidates = [{ by: "first", value: "1" }, { by: "second", value: "7" }] as const;

it.each([
  ["two readings that differ", { state: "unsettled", candidates: [...candidates], value: null }, "unsettled"],
  ["a field that nobody keys", { state: "unsettled", candidates: [], value: null }, "open"],
  ["what the checker has put there", { state: "unsettled", candidates: [], value: "5231" }, "settled_by_checker"],
  ["what was keyed alike", { state: "agreed", candidates: [], value: "1" }, "agreed"],
  ["a rule that failed", { state: "failed_rule", candidates: [], value: "1" }, "failed_rule"],
] as const)("%s", (_, field, shown) => {
  expect(shownState({ ...field, candidates: [...field.candidates] })).toBe(shown);
});
