// Refuses a build whose CSS uses what the build target (Chromium 108) does not know.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const tooNew = [/color-mix\(/, /@container\s+style/, /\blight-dark\(/, /@starting-style/, /\boklch\(/, /@scope\b/];
let broken = 0;

for (const file of readdirSync(join(dist, "assets"))) {
  if (!file.endsWith(".css")) continue;
  const css = readFileSync(join(dist, "assets", file), "utf8");
  for (const feature of tooNew.filter((pattern) => pattern.test(css))) {
    console.error(`${file}: ${feature.source} is newer than Chromium 108`);
    broken += 1;
  }
}
const page = readFileSync(join(dist, "index.html"), "utf8");
if (/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/.test(page)) {
  console.error("index.html: inline script or style, which the content security policy forbids");
  broken += 1;
}
process.exit(broken === 0 ? 0 : 1);
