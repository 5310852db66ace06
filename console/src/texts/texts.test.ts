import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { en, zh } from ".";

const source = join(import.meta.dirname, "..");
const code = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !/(^|\/)texts(\/|\.)/.test(file) && !file.startsWith("api/generated"))
  .map((file) => readFileSync(join(source, file), "utf8"))
  .join("\n");

/** Keys built from a value, such as `state.${state}`: their fixed beginning keeps all that start with it. */
const builtBeginnings = [...code.matchAll(/`([\w.-]+\.)\$\{/g)].map((match) => match[1]!);
const builtEnds = [...code.matchAll(/`([\w.-]+\.)\$\{[^}]*\}([\w.-]+)`/g)].map((match) => [match[1]!, match[2]!] as const);

function isUsed(key: string): boolean {
  if (code.includes(`"${key}"`)) return true;
  if (builtEnds.some(([start, end]) => key.startsWith(start) && key.endsWith(end))) return true;
  return builtBeginnings.some((start) => key.startsWith(start));
}

const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe("texts", () => {
  it("no text is left over from something that is gone", () => {
    expect(Object.keys(zh).filter((key) => !isUsed(key))).toEqual([]);
  });

  it("both languages have every text, and neither is empty", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
    expect([...Object.values(zh), ...Object.values(en)].filter((text) => text.trim() === "")).toEqual([]);
  });

  it("both languages fill in the same values", () => {
    const differing = Object.keys(zh).filter((key) => places(zh[key as keyof typeof zh]).join() !== places(en[key as keyof typeof zh]).join());
    expect(differing).toEqual([]);
  });

  it("Chinese texts use Chinese punctuation, English ones none of it", () => {
    expect(Object.entries(zh).filter(([, text]) => /[\u4e00-\u9fff][,;?!]/.test(text))).toEqual([]);
    expect(Object.entries(en).filter(([, text]) => /[，。；：？！、“”]/.test(text.replace(/[“”]/g, "")))).toEqual([]);
  });
});
