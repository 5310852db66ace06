// Ready, wrap-up and the line, at a station in a real browser, by keyboard alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accessibilityFaults, tidyAfterEach } from "./browser";
import { authorizeTask, lease, slice } from "./stations-dealer";
import { entered, station, until } from "./stations-world";

tidyAfterEach();

for (const key of ["Space", "Enter", "NumpadEnter"]) {
  test(`${key} pressed before the line is up makes ready as soon as it is`, async () => {
    const world = await entered("keying", [lease("wi_1", "keying", slice("amount", "金额"))], 1500);
    const { page, dealer } = world;
    await page.getByRole("heading", { name: "正在连接运营中心" }).waitFor();
    await page.keyboard.press(key);
    await page.getByText("已记下，连上后自动转为就绪").waitFor();
    assert.deepEqual(await accessibilityFaults(page), []);
    assert.equal(dealer.sent("/work/presence/me").length, 0);
    await page.locator('.st[data-phase="working"]').waitFor();
    assert.equal(dealer.sent("/work/presence/me").length, 1);
    assert.equal(dealer.sent("/work/presence/me")[0]?.body["state"], "ready");
    assert.deepEqual(world.complaints, []);
  });
}

test("nobody is made ready who did not ask for it", async () => {
  const { page, dealer } = await entered("keying", [lease("wi_1", "keying", slice("amount", "金额"))], 600);
  await page.locator('.st[data-phase="not_ready"]').waitFor();
  await page.waitForTimeout(300);
  assert.deepEqual(dealer.sent("/work/presence/me"), []);
});

test("wrap-up counts down, and Space goes on at once", async () => {
  const world = await station("authorizing", []);
  const { page, dealer } = world;
  await page.locator('.st[data-phase="waiting"]').waitFor();
  dealer.wrapsUp(30);
  await page.locator('.st[data-phase="wrap_up"]').waitFor();
  const left = () => page.locator(".st-clock").textContent();
  assert.match((await left()) ?? "", /^剩余 (30|29|28) 秒$/);
  const first = await left();
  await until("the seconds go down", async () => (await left()) !== first);
  assert.deepEqual(await accessibilityFaults(page), []);
  dealer.deal(lease("wi_1", "authorizing", authorizeTask("wi_1")));
  assert.equal(await page.locator(".st").getAttribute("data-phase"), "wrap_up", "nothing comes meanwhile");
  await page.keyboard.press("Space");
  await page.locator('.st[data-phase="working"]').waitFor();
  assert.equal(dealer.sent("/work/presence/me").length, 2);
  assert.deepEqual(world.complaints, []);
});
