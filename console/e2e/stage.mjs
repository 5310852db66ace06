// The product as a visitor meets it: core, province, server, each a real process, in a folder that goes away with it.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const START_LIMIT_MS = 60_000;
/** How long a process may take to stop by itself. */
const GRACE_MS = 5000;
/** Enough to hold a payment above the limit and two below it; drawing one takes a debug build a second. */
const DOCUMENTS = 6;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Stage {
  #binaries;
  #folder = mkdtempSync(join(tmpdir(), "shuniu-e2e-"));
  /** In the order in which they were started. */
  #running = [];
  #cleared = null;

  constructor(binaries) {
    this.#binaries = binaries;
    for (const part of ["blobs", "documents", "logs"]) mkdirSync(join(this.#folder, part));
  }

  /** Starts everything; answers where it is. */
  async set() {
    const documents = join(this.#folder, "documents");
    const drawn = this.#done("documents", "shuniu-demo", ["documents", "--out", documents, "--count", String(DOCUMENTS)]);
    const core = await this.#core();
    const port = await freePort();
    const config = join(this.#folder, "shuniu.toml");
    writeFileSync(join(this.#folder, "master.key"), randomBytes(32).toString("hex"), { mode: 0o600 });
    writeFileSync(config, this.#configuration(port, core));
    await this.#done("seed", "shuniu-demo", ["seed", "--config", config, "--core", core]);
    this.#start("server", "shuniu", ["serve", "--config", config]);
    const url = `http://127.0.0.1:${String(port)}`;
    await this.#until("the server is ready", () => fetch(`${url}/readyz`).then((answer) => answer.ok, () => false));
    await drawn;
    return { url, core, documents };
  }

  /** Stops those who started last first, then removes the folder. */
  clear() {
    this.#cleared ??= this.#clear();
    return this.#cleared;
  }

  async #clear() {
    for (const { child } of [...this.#running].reverse()) await stopped(child);
    if (process.env["SHUNIU_KEEP"] !== undefined) process.stdout.write(`# kept: ${this.#folder}\n`);
    else rmSync(this.#folder, { recursive: true, force: true });
  }

  endOfLogs() {
    const tail = (name) => {
      const lines = existsSync(this.#log(name)) ? readFileSync(this.#log(name), "utf8").trim().split("\n") : [];
      return lines.filter((line) => /WARN|ERROR|panicked/.test(line)).slice(-15).map((line) => `# ${name}: ${line}`);
    };
    return ["core", "server"].flatMap(tail).join("\n");
  }

  async #core() {
    this.#start("core", "corebank-sim", ["--listen", "127.0.0.1:0", "--database", join(this.#folder, "core.db")]);
    let address = null;
    await this.#until("the core listens", () => {
      const said = readFileSync(this.#log("core"), "utf8").split("\n").find((line) => line.includes('"listening"') && line.endsWith("}"));
      address = said === undefined ? null : JSON.parse(said).listening;
      return address !== null;
    });
    return `http://${address}`;
  }

  #configuration(port, core) {
    const at = (name) => JSON.stringify(join(this.#folder, name));
    const database = JSON.stringify(`sqlite://${join(this.#folder, "shuniu.db")}`);
    return [
      `[server]\nlisten = "127.0.0.1:${String(port)}"`, `[database]\nurl = ${database}`, `[blobs]\nfolder = ${at("blobs")}`,
      `[keys]\nmaster_key_file = ${at("master.key")}`, `[core]\nurl = ${JSON.stringify(core)}`, "[demo]\nenabled = true", "",
    ].join("\n\n");
  }

  #log(name) {
    return join(this.#folder, "logs", `${name}.log`);
  }

  #start(name, program, words) {
    const log = openSync(this.#log(name), "w");
    const child = spawn(join(this.#binaries, program), words, { stdio: ["ignore", log, log], env: { ...process.env, NO_COLOR: "1" } });
    closeSync(log);
    const running = { name, child, over: new Promise((resolve) => { child.once("exit", resolve); child.once("error", resolve); }) };
    this.#running.push(running);
    return running;
  }

  /** Runs a program to its end. */
  async #done(name, program, words) {
    const { child, over } = this.#start(name, program, words);
    await over;
    if (child.exitCode !== 0) throw new Error(`${name} failed:\n${readFileSync(this.#log(name), "utf8").slice(-2000)}`);
  }

  async #until(what, holds) {
    const end = Date.now() + START_LIMIT_MS;
    while (!(await holds())) {
      const dead = this.#running.find(({ name, child }) => ["core", "server"].includes(name) && child.exitCode !== null);
      if (dead !== undefined) throw new Error(`${dead.name} ended while it was starting:\n${readFileSync(this.#log(dead.name), "utf8").slice(-2000)}`);
      if (Date.now() > end) throw new Error(`never happened: ${what}`);
      await pause(50);
    }
  }
}

async function stopped(child) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const over = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  if ((await Promise.race([over, pause(GRACE_MS).then(() => "late")])) !== "late") return;
  child.kill("SIGKILL");
  await over;
}

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
