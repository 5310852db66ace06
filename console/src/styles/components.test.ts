import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const source = join(import.meta.dirname, "..");
const samples = readFileSync(join(source, "..", "tools", "antd-samples.mjs"), "utf8");
const sampled = new Set([...samples.matchAll(/^ {2}(\w+): \(\) =>/gm)].map((match) => match[1]));

/** What carries no styles of its own. */
const bare = new Set(["ConfigProvider", "theme"]);

function importedFromAntd(): Set<string> {
  const names = new Set<string>();
  for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(file)) continue;
    const text = readFileSync(join(source, file), "utf8");
    for (const [, list = ""] of text.matchAll(/import \{([^}]*)\} from "antd"/g)) {
      for (const part of list.split(",").map((one) => one.trim())) {
        if (part !== "" && !part.startsWith("type ")) names.add(part.split(" as ")[0]!);
      }
    }
  }
  return names;
}

it("every antd component in use has its styles extracted", () => {
  const missing = [...importedFromAntd()].filter((name) => !sampled.has(name) && !bare.has(name));
  expect(missing, "add a sample to tools/antd-samples.mjs").toEqual([]);
});
