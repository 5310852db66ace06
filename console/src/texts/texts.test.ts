import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { en, zh } from ".";
import { pseudo } from "./pseudo";

const source = join(import.meta.dirname, "..");
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.startsWith("texts/") && !file.startsWith("api/generated"))
  .map((name) => ({ name, text: readFileSync(join(source, name), "utf8") }));
const code = files.map(({ text }) => text).join("\n");

/** Chinese that is no text of the console: capital amounts and dates as they are written, punctuation that is repaired, names of keys, a test's people. */
const SPEAKS = new Set(["stations/entry/capital.ts", "stations/entry/figures.ts", "kit/LanguageSwitch.tsx", "keys/chord.ts", "stream/testing.ts"]);

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");

/** Keys built from a value, such as `state.${state}`: their fixed beginning keeps all that start with it. */
const builtBeginnings = [...code.matchAll(/`([\w.-]+\.)\$\{/g)].map((match) => match[1]!);
const builtEnds = [...code.matchAll(/`([\w.-]+\.)\$\{[^}]*\}([\w.-]+)`/g)].map((match) => [match[1]!, match[2]!] as const);

function isUsed(key: string): boolean {
  if (code.includes(`"${key}"`)) return true;
  if (builtEnds.some(([start, end]) => key.startsWith(start) && key.endsWith(end))) return true;
  return builtBeginnings.some((start) => key.startsWith(start));
}

/** Words between tags, and in attributes that are shown or read aloud; a name such as `Ctrl` in a `kbd` is a key's. */
function written(text: string): string[] {
  const code = withoutComments(text).replace(/<kbd[^>]*>[^<]*<\/kbd>/g, "");
  // Between a tag's end and the next tag or brace; an arrow or a comparison is no tag's end.
  const between = [...code.matchAll(/<\/?[A-Za-z][\w.]*(?:\s[^<>]*?)?(?<![=\s])>([^<>{}()=;]*[A-Za-z]{2,}[^<>{}()=;]*)(?=<\/?[A-Za-z]|\{)/g)].map((match) => match[1]!.trim())
    // A tag that ends within an object, and the bounds of a type.
    .filter((words) => !words.startsWith(",") && !words.startsWith("extends "));
  const attributes = [...code.matchAll(/\s(?:title|placeholder|aria-label|alt|label)="([^"]*[A-Za-z]{2,}[^"]*)"/g)].map((match) => match[1]!);
  return [...between, ...attributes];
}

const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe("texts", () => {
  it("no text is left over from something that is gone", () => {
    expect(Object.keys(zh).filter((key) => !isUsed(key))).toEqual([]);
  });

  it("no text stands anywhere else", () => {
    expect(files.filter(({ name, text }) => !SPEAKS.has(name) && /[\u4e00-\u9fff]/.test(withoutComments(text))).map(({ name }) => name)).toEqual([]);
  });

  it("no English text stands in a component", () => {
    const found = files.filter(({ name }) => name.endsWith(".tsx")).flatMap(({ name, text }) => written(text).map((words) => `${name}: ${words}`));
    expect(found).toEqual([]);
  });

  it("a text in a component would be found", () => {
    expect(written('return <p className="a">Save it now</p>;')).toEqual(["Save it now"]);
    expect(written('<Button title="Save">{t("action.save")}</Button>')).toEqual(["Save"]);
    expect(written('<li key={id}><b>{name}</b> · {t("a.b", { no })}</li>')).toEqual([]);
    expect(written("const wide = (a: Map<string, number>) => a.size > 2 && b < 3;")).toEqual([]);
  });

  it("the language that nobody speaks is longer, and keeps what is filled in", () => {
    expect(pseudo("Save {{count}} pages")).toBe("⟦Sávé {{count}} págés····⟧");
  });

  it("every kind of entry that the server writes has words in the journal", () => {
    const root = join(source, "../..");
    const rust = ["domain", "foundation", "edge/web/src", "edge/cli/src"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((file) => /(^|\/)src\/|^[a-z]/.test(file) && file.endsWith(".rs") && !/(^|\/)tests(\/|\.rs)/.test(file)).map((file) => readFileSync(join(root, folder, file), "utf8")));
    const kinds = new Set(rust.flatMap((text) => [...text.matchAll(/"((?:archive|identity|organization|permission|processing|storage|work)(?:\.[a-z_]+){2,})"/g)].map((match) => match[1]!)));
    expect(kinds.size).toBeGreaterThan(50);
    const written = Object.keys(zh).filter((key) => key.startsWith("journal.kind.")).map((key) => key.slice("journal.kind.".length));
    expect([...kinds].sort()).toEqual(written.sort());
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
