// The one browser of a run, and what is true of every page in it: nothing is complained about, and a failure leaves a picture.
import assert from "node:assert/strict";
import { after, afterEach, test } from "node:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

/** Where the product serves its console; what a bank's smallest terminal shows. */
export const BASE = process.env["SHUNIU_CONSOLE"] ?? "http://127.0.0.1:8470";
const SCREEN = { width: 1366, height: 768 };
const PICTURES = process.env["SHUNIU_PICTURES"] ?? "../target/e2e";
/** Nobody waits longer for anything on a terminal of the bank; a busy machine is given more. */
const PATIENCE_MS = 15_000;

let browser: Promise<Browser> | null = null;
/** A step has failed, and its pictures were taken. */
let broken = false;
let pictured = false;
const contexts = new Set<BrowserContext>();

export function launched(): Promise<Browser> {
  const address = process.env["SHUNIU_BROWSER"];
  browser ??= address === undefined
    ? chromium.launch({ executablePath: process.env["SHUNIU_CHROMIUM"] ?? "/usr/bin/chromium", chromiumSandbox: process.getuid?.() !== 0 })
    : chromium.connect(address);
  return browser;
}

export async function newContext(locale = "zh-CN"): Promise<BrowserContext> {
  const context = await (await launched()).newContext({ viewport: SCREEN, locale, timezoneId: "Asia/Shanghai" });
  context.setDefaultTimeout(PATIENCE_MS);
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => reportError(new Error(`policy breach: ${event.violatedDirective} ${event.blockedURI}`)));
  });
  contexts.add(context);
  context.on("close", () => contexts.delete(context));
  return context;
}

/** Errors of the pages themselves since the last test ended; no test expects one. */
const errors: string[] = [];

function complain(complaints: string[], words: string): void {
  complaints.push(words);
  errors.push(words);
}

/** Notes what a page complains about: errors, breaches of policy, faults of the server, and refusals that no test asked for. */
export function watch(page: Page, complaints: string[], allowed: readonly RegExp[] = []): void {
  page.on("pageerror", (error) => complain(complaints, `page error: ${error.message}`));
  page.on("console", (message) => {
    // The answer itself is judged below, with its address.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complain(complaints, message.text());
  });
  page.on("response", (response) => {
    const words = `${String(response.status())} ${response.request().method()} ${new URL(response.url()).pathname}`;
    // Before signing in the console asks who is there, and is told that nobody is.
    if (response.status() < 400 || words === "401 GET /api/v1/identity/me" || allowed.some((pattern) => pattern.test(words))) return;
    complaints.push(words);
  });
}

/** Waits until `holds`, and says what it waited for when it never does. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** The faults of accessibility on a page that keep somebody from working: serious and critical ones, each with its first places. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // What fades in or out has other colors on its way than where it stands.
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((each) => each.finished));
  });
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 140)).join(" | ")}`);
}

export async function closed(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

/** One picture of each open page; steps that were not reached have nothing to show. */
async function pictures(name: string): Promise<void> {
  if (pictured && broken) return;
  pictured = true;
  mkdirSync(PICTURES, { recursive: true });
  const pages = [...contexts].flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    const path = join(PICTURES, `${name.replace(/[^\p{L}\p{N}]+/gu, "-")}-${String(index)}.png`);
    await page.screenshot({ path, timeout: 5000 }).catch((error: unknown) => process.stdout.write(`# no picture: ${String(error)}\n`));
  }
}

function noErrors(): void {
  assert.deepEqual(errors.splice(0), [], "errors of the pages and breaches of their policy");
}

/** For a spec whose tests each open their own pages: a failed one leaves pictures, and none leaves a page open. */
export function tidyAfterEach(): void {
  afterEach(async (context) => {
    const failed = "passed" in context && !context.passed;
    if (failed) await pictures(context.name);
    for (const open of [...contexts]) await open.close();
    noErrors();
  });
  after(closed);
}

/** A test that goes on where the one before it ended: once one fails, those behind it are not reached, and say so at once. */
export function step(name: string, act: () => Promise<void>): void {
  void test(name, async () => {
    if (broken) throw Object.assign(new Error("not reached: an earlier step failed"), { stack: "not reached: an earlier step failed" });
    broken = true;
    await act();
    broken = false;
  });
}

/** For a spec of steps. */
export function tidyAtTheEnd(): void {
  afterEach(async (context) => {
    if ("passed" in context && !context.passed) await pictures(context.name);
    noErrors();
  });
  after(closed);
}
