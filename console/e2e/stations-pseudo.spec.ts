// Every station in the language that nobody speaks: what was never translated shows itself, and texts a third longer still fit the smallest terminal.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { BASE, newContext, tidyAfterEach, watch } from "./browser";
import { authorizeTask, checkField, checkTask, Dealer, lease, reviewTask, slice } from "./stations-dealer";

tidyAfterEach();

const FIELDS = [checkField("account", "account", "unsettled", { candidates: [{ by: "first", value: "62128" }, { by: "second", value: "621B8" }] })];
const WORK = {
  keying: () => lease("wi_1", "keying", slice("amount", "金额")),
  checking: () => lease("wi_1", "checking", checkTask("620102-20261124-00026", FIELDS)),
  "refusal-review": () => lease("wi_1", "refusal_review", reviewTask("620102-20261124-00026")),
  authorizing: () => lease("wi_1", "authorizing", authorizeTask("620102-20261124-00026")),
};

/** Every text of what was dealt: it is the server's, not the console's. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

/** Texts on the screen with letters that are neither in the brackets nor the server's. */
const untranslated = (page: Page, served: string[]) =>
  page.evaluate((known) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const within = node.parentElement;
      const text = (node.textContent ?? "").replace(/⟦[^⟧]*⟧/g, "").trim();
      if (within === null || within.closest("kbd, script, style, noscript, .st-hints kbd, .sn-watermark, .key-echo") !== null) continue;
      if (/[A-Za-z]{2,}/.test(text) && !known.some((one) => one.includes(text) || text.includes(one))) found.push(text);
    }
    return found;
  }, served.filter((text) => text.length > 1));

/** What leaves the screen, or is cut without saying so. */
const cut = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".st button, .st h1, .st h2, .st .st-chip, .st .st-lamp, .st dt, dialog button, dialog h2")]
      .filter((element) => {
        const { right, bottom, width } = element.getBoundingClientRect();
        const hidden = getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
        return width > 0 && (right > window.innerWidth + 1 || bottom > window.innerHeight + 1 || hidden);
      })
      .map((element) => element.textContent));

for (const [name, work] of Object.entries(WORK)) {
  test(`the ${name} station says nothing untranslated, and longer texts fit`, async () => {
    const context = await newContext("en-US");
    await context.addInitScript(() => localStorage.setItem("shuniu.display", JSON.stringify({ language: "en", density: "100" })));
    const dealt = work();
    const dealer = new Dealer([dealt]);
    await dealer.serve(context);
    const page = await context.newPage();
    watch(page, []);
    await page.goto(`${BASE}/stations/${name}?locale=pseudo`);
    await page.locator(".st-big").waitFor();
    const served = [...stringsOf(dealt), "620118", "马晓燕"];
    assert.match((await page.locator("h1").textContent()) ?? "", /^⟦.+⟧$/);
    assert.deepEqual(await untranslated(page, served), [], "before work");
    await page.keyboard.press("Space");
    await page.locator('.st[data-phase="working"]').waitFor();
    assert.deepEqual(await untranslated(page, served), [], "at work");
    assert.deepEqual(await cut(page), [], "at work");
    await page.keyboard.press("Alt+Digit0");
    await page.locator("dialog").waitFor();
    assert.deepEqual(await untranslated(page, served), [], "stepping away");
    assert.deepEqual(await cut(page), [], "stepping away");
  });
}
