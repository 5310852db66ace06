// Runs the browser tests against the real binaries: a simulated core, a seeded product, one Chromium, all in a folder of their own.
// Everything is stopped and removed at the end, whatever happened; pictures of failures stay in target/e2e.
//
//   node e2e/run.mjs [part of a spec's name]...
//
// SHUNIU_BINARIES  folder with shuniu, shuniu-demo and corebank-sim (default ../target/debug)
// SHUNIU_CHROMIUM  the browser (default /usr/bin/chromium)
// SHUNIU_KEEP      when set, the folder with databases and logs is kept and named
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "node:test";
import { chromium } from "playwright-core";
import { build } from "vite";
import { Stage } from "./stage.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const binaries = resolve(process.env["SHUNIU_BINARIES"] ?? join(root, "target/debug"));
const browserPath = process.env["SHUNIU_CHROMIUM"] ?? "/usr/bin/chromium";
const pictures = join(root, "target/e2e");
/** Inside node_modules, so that the built specs find their packages. */
const built = join(here, "../node_modules/.cache", `e2e-${String(process.pid)}`);
/** Specs whose people share the bank's queues, so that one's work would reach another's people: these wait for each other, the rest runs beside them. */
const SHARING = ["parting", "pipeline", "returns", "sign-in", "twenty-slices"];
/** No single spec file takes nearly this long; one that does hangs. */
const FILE_LIMIT_MS = 180_000;

const say = (line) => process.stdout.write(`${line}\n`);

/** The specs whose names hold one of the given parts; all without any. */
function chosen(parts) {
  const specs = readdirSync(here).filter((name) => name.endsWith(".spec.ts")).sort();
  return specs.filter((name) => parts.length === 0 || parts.some((part) => name.includes(part)));
}

/** What is missing before anything can start, in words. */
function missing() {
  const wanted = ["shuniu", "shuniu-demo", "corebank-sim"].map((name) => join(binaries, name)).filter((file) => !existsSync(file));
  if (wanted.length > 0) return `missing: ${wanted.join(", ")}; build them with: cargo build -p cli -p corebank-sim -p demo`;
  if (!existsSync(join(here, "../dist/index.html"))) return "the console is not built; build it with: npm run build";
  if (!existsSync(browserPath)) return `there is no browser at ${browserPath}; install Debian's chromium, or name another with SHUNIU_CHROMIUM`;
  return null;
}

/** The specs as plain modules for the oldest Node that the console supports. */
async function compiled(specs) {
  await build({
    root: join(here, ".."), configFile: false, logLevel: "error", publicDir: false,
    resolve: { alias: { "@": join(here, "../src") } },
    build: {
      ssr: true, target: "node20", outDir: built, emptyOutDir: true, minify: false,
      rollupOptions: { input: specs.map((name) => join(here, name)), output: { entryFileNames: "[name].mjs", chunkFileNames: "[name].mjs" } },
    },
  });
  return specs.map((name) => join(built, name.replace(/\.ts$/, ".mjs")));
}

/** Runs the files in two rows and prints each test as it ends; answers how many passed and failed. */
async function played(files, environment) {
  Object.assign(process.env, environment);
  const count = { passed: 0, failed: 0 };
  const shares = (file) => SHARING.some((name) => file.endsWith(`/${name}.spec.mjs`));
  const rows = [files.filter(shares), files.filter((file) => !shares(file))].filter((row) => row.length > 0);
  await Promise.all(rows.map((row) => playedInRow(row, count)));
  return count;
}

/** Runs the files one after the other. */
async function playedInRow(files, count) {
  const stream = run({ files, concurrency: 1, timeout: FILE_LIMIT_MS });
  const line = (ok, { name, details, file }) => {
    // A file that could not be loaded is reported as a test of its own name; a file that went well is no test.
    if (name === file || files.includes(name)) { if (ok) return; }
    count[ok ? "passed" : "failed"] += 1;
    say(`${ok ? "ok" : "not ok"} ${String(count.passed + count.failed)} - ${name} # ${String(Math.round(details.duration_ms))} ms`);
    if (ok) return;
    const cause = details.error?.cause ?? details.error;
    for (const text of String(cause?.stack ?? cause?.message ?? cause).split("\n").filter((text) => !text.includes("node:internal") && !text.includes("node:async_hooks")).slice(0, 25)) say(`    ${text}`);
  };
  stream.on("test:pass", (data) => line(true, data));
  stream.on("test:fail", (data) => line(false, data));
  stream.on("test:stdout", ({ message }) => { for (const text of message.split("\n")) if (text.startsWith("# ")) say(text); });
  stream.on("test:stderr", ({ message }) => process.stderr.write(message));
  stream.on("test:diagnostic", () => undefined);
  for await (const _ of stream) continue;
}

async function main() {
  const lack = missing();
  if (lack !== null) {
    process.stderr.write(`${lack}\n`);
    return 2;
  }
  const specs = chosen(process.argv.slice(2));
  if (specs.length === 0) {
    process.stderr.write("no spec has such a name\n");
    return 2;
  }
  const began = Date.now();
  const stage = new Stage(binaries);
  let server = null;
  const clear = async () => {
    await server?.close().catch((error) => process.stderr.write(`the browser did not stop: ${error.message}\n`));
    await stage.clear();
    rmSync(built, { recursive: true, force: true });
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => void clear().then(() => process.exit(130)));
  try {
    rmSync(pictures, { recursive: true, force: true });
    mkdirSync(pictures, { recursive: true });
    // A camera that shows a moving pattern, and nobody asks for leave to use it.
    const camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
    const args = [...camera, "--disable-gpu", "--disable-quic", "--disable-background-networking"];
    const [files, set] = await Promise.all([
      compiled(specs),
      stage.set(),
      chromium.launchServer({ executablePath: browserPath, chromiumSandbox: process.getuid?.() !== 0, args }).then((launched) => { server = launched; }),
    ]);
    say(`# the product is up after ${String(Math.round((Date.now() - began) / 1000))} s at ${set.url}`);
    const count = await played(files, {
      SHUNIU_CONSOLE: set.url, SHUNIU_CORE: set.core, SHUNIU_DOCUMENTS: set.documents, SHUNIU_PICTURES: pictures, SHUNIU_BROWSER: server.wsEndpoint(),
    });
    if (count.failed > 0) say(`# pictures: ${pictures}\n${stage.endOfLogs()}`);
    say(`# ${String(Math.round((Date.now() - began) / 1000))} s`);
    say(`${String(count.passed)} passed, ${String(count.failed)} failed`);
    return count.failed === 0 && count.passed > 0 ? 0 : 1;
  } finally {
    await clear();
  }
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exit(1);
}
