import { expect, it } from "vitest";
import { readPreferences } from "./preferences";

it("Chinese, light and normal size are the standard", () => {
  expect(readPreferences(null)).toEqual({ language: "zh", mode: "light", density: "100" });
});

it("a kept look is taken up, and what is not understood is left out", () => {
  expect(readPreferences('{"language":"en","mode":"dark","density":"130"}')).toEqual({ language: "en", mode: "dark", density: "130" });
  expect(readPreferences('{"language":"fr","density":9}')).toEqual({ language: "zh", mode: "light", density: "100" });
  expect(readPreferences("not json")).toEqual({ language: "zh", mode: "light", density: "100" });
  expect(readPreferences("null")).toEqual({ language: "zh", mode: "light", density: "100" });
});
