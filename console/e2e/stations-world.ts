// A browser, a station and its dealer for one test.
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { Dealer } from "./stations-dealer";

type Json = Record<string, unknown>;

/** Where the built console is served; what a bank's smallest terminal shows. */
const BASE = process.env["SHUNIU_CONSOLE"] ?? "http://127.0.0.1:4173";
const SCREEN = { width: 1366, height: 768 };

let browser: Promise<Browser> | null = null;

export function launched(): Promise<Browser> {
  browser ??= chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  return browser;
}

export async function closed(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

export interface World {
  context: BrowserContext;
  page: Page;
  dealer: Dealer;
  /** What the browser complained about: policy breaches, errors. */
  complaints: string[];
}

/** Opens a station; `ready` presses Space on its big button. */
export async function station(name: string, waiting: Json[], ready = true): Promise<World> {
  const context = await (await launched()).newContext({ viewport: SCREEN, locale: "zh-CN" });
  const dealer = new Dealer(waiting);
  await dealer.serve(context);
  const complaints: string[] = [];
  const page = await open(context, name, complaints);
  if (ready) {
    await page.getByRole("button", { name: "就绪", exact: true }).waitFor();
    await page.keyboard.press("Space");
    if (waiting.length > 0) await page.locator('.st[data-phase="working"]').waitFor();
  }
  return { context, page, dealer, complaints };
}

export async function open(context: BrowserContext, name: string, complaints: string[] = []): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  await page.goto(`${BASE}/stations/${name}`);
  return page;
}

/** Waits until `hold` is true, and says what it waited for when it never is. */
export async function until(what: string, hold: () => boolean | Promise<boolean>, patienceMs = 8000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await hold())) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
