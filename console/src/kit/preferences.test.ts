import { expect, it } from "vitest";
import { readPreferences } from "./preferences";

const standard = { language: "zh", mode: "light", density: "100", sound: "full", eyeBreaks: true };

it("Chinese, light, normal size with sounds are the standard", () => {
  expect(readPreferences(null)).toEqual(standard);
});

it("a kept look is taken up, and what is not understood is left out", () => {
  const kept = { language: "en", mode: "dark", density: "130", sound: "low", eyeBreaks: false };
  expect(readPreferences(JSON.stringify(kept))).toEqual(kept);
  expect(readPreferences('{"language":"fr","density":9,"sound":"loud","eyeBreaks":1}')).toEqual(standard);
  expect(readPreferences("not json")).toEqual(standard);
  expect(readPreferences("null")).toEqual(standard);
});
