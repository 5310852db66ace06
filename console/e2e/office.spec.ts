// Every page of the office, as each person meets it in the menu, in both languages: it loads, complains about nothing and can be used by everybody.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Route } from "playwright-core";
import { tidyAfterEach, until } from "./browser";
import { Person, type Language } from "./person";

tidyAfterEach();

/** Who between them see every entry of the menu. */
const PEOPLE = {
  "100001": "a teller", "500001": "a duty supervisor", "600001": "a center manager", "790001": "a vendor's site manager",
  "900002": "an organization administrator", "900001": "a system administrator", "950001": "an auditor",
} as const;
/** What one of them has shown in a language need not be shown by the next. */
const shown = new Set<string>();

for (const [no, who] of Object.entries(PEOPLE)) {
  for (const language of ["zh", "en"] satisfies Language[]) {
    test(`${who} can use every page of the menu (${language})`, async () => {
      const person = await Person.signedIn(no, "/", language);
      const { page } = person;
      await page.locator("nav.sn-menu a").first().waitFor();
      const addresses = await page.locator("nav.sn-menu a").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
      // Nobody's day begins with an empty page.
      await page.locator("main a").first().waitFor();
      const office = addresses.filter((address) => !address.startsWith("/stations/") && !shown.has(`${language} ${address}`));
      for (const address of office) {
        shown.add(`${language} ${address}`);
        await person.tabsTo(page.locator(`nav.sn-menu a[href="${address}"]`));
        await page.keyboard.press("Enter");
        await page.waitForURL((url) => url.pathname === new URL(address, url).pathname);
        await page.locator("main h1").waitFor();
        await until(`${address} is loaded`, async () => (await page.locator("main [aria-busy=true], main .ant-skeleton").count()) === 0);
        assert.equal(await page.locator("html").getAttribute("lang"), language === "zh" ? "zh-CN" : "en");
        const title = (await page.locator("main h1").textContent()) ?? "";
        assert.match(title, language === "zh" ? /[\u4e00-\u9fff]/ : /[A-Za-z]/, address);
        assert.doesNotMatch((await page.locator("main").innerText()), /\b(undefined|NaN|\[object Object\])\b/, address);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${address} is not wider than the screen`);
        // The page is the same in the other language; looking at it once is enough.
        if (language === "zh") await person.isAccessible(address);
      }
      await person.leaves();
    });
  }
}

test("a vendor's site manager sees the keying of the vendor's seats and nothing of the center", async () => {
  const person = await Person.signedIn("790001", "/", "en");
  await person.page.locator("main").getByRole("link", { name: "Keying quality" }).click();
  await person.page.locator("main").getByText("You see your own firm's seats only").waitFor();
  await person.go("/reports/keying?from=2026-01-01&to=2026-01-02");
  await person.page.locator("main").getByText("Nothing was keyed in this time").waitFor();
  await person.leaves();
});

test("an address that one may not see, and one that is none, say so", async () => {
  const person = await Person.signedIn("100001", "/");
  await person.go("/work/board");
  await person.page.locator("main").getByText(/无权|没有权限|岗位/).first().waitFor();
  await person.isAccessible("a page without permission");
  await person.go("/no/such/page");
  await person.page.getByText("没有这个页面").waitFor();
  await person.go("/processing/items/itm_00000000000000000000000000");
  person.allowed.push(/^(404|422|400) GET/);
  await person.page.locator("main").getByText(/没有找到|无权/).first().waitFor();
  await person.isAccessible("an item that is none");
  await person.leaves();
});

test("with the line down a list says so and keeps what it had, and reads again when the line is back", async () => {
  const person = await Person.signedIn("500001", "/");
  const { page } = person;
  const cut = (route: Route) => route.abort("connectionrefused");
  await page.route("**/api/v1/processing/items*", cut);
  await person.tabsTo(page.locator('nav.sn-menu a[href="/processing/items"]'));
  await page.keyboard.press("Enter");
  await page.getByText("连接不上服务器").waitFor();
  await person.isAccessible("a list that cannot be read");
  await page.unroute("**/api/v1/processing/items*", cut);
  await person.presses("重试");
  await until("the list is there", async () => (await page.locator("main table, main .sn-state-title").count()) > 0 && !(await page.getByText("连接不上服务器").isVisible()));
  await person.leaves();
});
