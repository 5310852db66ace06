// A person's own keys, chosen in the sheet of keys and used at a station, by keyboard alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tidyAfterEach, until } from "./browser";
import { Person } from "./person";

tidyAfterEach();

test("a key of one's own works at the station and at the next seat, one that is taken is refused in words, and the standard comes back", async () => {
  const person = await Person.signedIn("350001", "/stations/refusal-review");
  const { page } = person;
  const sheet = page.locator("dialog.keys-sheet");
  const row = sheet.locator("dl > div", { has: page.locator("dd", { hasText: /^离席$/ }) });
  const change = row.getByRole("button", { name: /^改键/ });
  const opens = async () => {
    await page.getByRole("button", { name: "就绪", exact: true }).waitFor();
    await page.keyboard.press("Control+Slash");
    await sheet.waitFor();
  };
  const chord = () => row.locator("dt").innerText();

  await opens();
  await person.tabsTo(change);
  await page.keyboard.press("Enter");
  await row.getByText("请按新键").waitFor();
  // What the station uses already.
  await page.keyboard.press("Alt+Enter");
  await row.getByRole("alert").getByText(/Alt\+回车 已用于“.+”，请换一个键/).waitFor();
  assert.equal(await chord(), "Alt+0");
  assert.ok(await change.evaluate((button) => button === document.activeElement), "the focus stays where the key is changed");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Space");
  await row.getByRole("alert").getByText(/由浏览器或输入法使用/).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Alt+KeyB");
  await until("the new key is shown", async () => (await chord()) === "Alt+B");
  await person.isAccessible("the sheet of keys");
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });

  const dialog = page.locator("dialog.st-modal");
  await page.keyboard.press("Alt+Digit0");
  assert.equal(await dialog.count(), 0, "the standard key means nothing any more");
  await page.keyboard.press("Alt+KeyB");
  await dialog.waitFor();
  await page.keyboard.press("Escape");

  // Another seat: what was chosen is the person's, not the browser's.
  const other = await Person.signedIn("350001", "/stations/refusal-review");
  await other.page.getByRole("button", { name: "就绪", exact: true }).waitFor();
  await until("the own key holds there", async () => {
    await other.page.keyboard.press("Alt+KeyB");
    return (await other.page.locator("dialog.st-modal").count()) === 1;
  });
  await other.leaves();

  await opens();
  await person.tabsTo(row.getByRole("button", { name: /^恢复/ }));
  await page.keyboard.press("Enter");
  await until("the standard key is back", async () => (await chord()) === "Alt+0");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+Digit0");
  await dialog.waitFor();
  await person.leaves();
});
