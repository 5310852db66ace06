// Every station on the smallest terminal, in the larger language, at every size of text: nothing leaves the screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { newContext, tidyAfterEach } from "./browser";
import { authorizeTask, checkField, checkTask, Dealer, lease, reviewTask, slice } from "./stations-dealer";
import { open } from "./stations-world";

tidyAfterEach();

const FIELDS = [checkField("account", "account", "unsettled", { candidates: [{ by: "first", value: "62128" }, { by: "second", value: "621B8" }] })];
const WORK = {
  keying: () => lease("wi_1", "keying", slice("amount", "金额")),
  checking: () => lease("wi_1", "checking", checkTask("620102-20261124-00026", FIELDS)),
  "refusal-review": () => lease("wi_1", "refusal_review", reviewTask("620102-20261124-00026")),
  authorizing: () => lease("wi_1", "authorizing", authorizeTask("620102-20261124-00026")),
};

for (const [name, work] of Object.entries(WORK)) {
  for (const density of ["100", "115", "130"]) {
    test(`the ${name} station fits the screen with texts at ${density} %`, async () => {
      const context = await newContext("en-US");
      await context.addInitScript((size) => localStorage.setItem("shuniu.display", JSON.stringify({ language: "en", density: size })), density);
      const dealer = new Dealer([work()]);
      await dealer.serve(context);
      const page = await open(context, name);
      await page.locator(".st-big").waitFor();
      await page.keyboard.press("Space");
      await page.locator('.st[data-phase="working"]').waitFor();
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll(".st button, .st h1, .st .st-chip, .st .st-lamp, .st .aut-big")]
          .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
          .map((element) => element.textContent));
      assert.deepEqual(outside, []);
      assert.ok(await page.evaluate(() => (document.querySelector(".st-bar")?.scrollWidth ?? 0) <= window.innerWidth));
      await context.close();
    });
  }
}
