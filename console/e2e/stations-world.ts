// A station and its dealer for one test.
import type { BrowserContext, Page } from "playwright-core";
import { BASE, newContext, watch } from "./browser";
import { Dealer } from "./stations-dealer";

export { until } from "./browser";

type Json = Record<string, unknown>;

export interface World {
  context: BrowserContext;
  page: Page;
  dealer: Dealer;
  /** What the browser complained about: policy breaches, errors. */
  complaints: string[];
}

/** Opens a station; `ready` presses Space on its big button. */
export async function station(name: string, waiting: Json[], ready = true): Promise<World> {
  const world = await entered(name, waiting);
  const { page } = world;
  if (ready) {
    await page.getByRole("button", { name: "就绪", exact: true }).waitFor();
    await page.keyboard.press("Space");
    if (waiting.length > 0) await page.locator('.st[data-phase="working"]').waitFor();
  }
  return world;
}

/** Opens a station whose stream takes so long to say hello, and presses nothing. */
export async function entered(name: string, waiting: Json[], helloAfterMs = 20): Promise<World> {
  const context = await newContext();
  const dealer = new Dealer(waiting);
  dealer.helloAfterMs = helloAfterMs;
  await dealer.serve(context);
  const complaints: string[] = [];
  const page = await open(context, name, complaints);
  return { context, page, dealer, complaints };
}

export async function open(context: BrowserContext, name: string, complaints: string[] = []): Promise<Page> {
  const page = await context.newPage();
  watch(page, complaints);
  await page.goto(`${BASE}/stations/${name}`);
  return page;
}
