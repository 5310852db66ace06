// 授权台 in a real browser, by keyboard alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { authorizeTask, lease } from "./stations-dealer";
import { tidyAfterEach } from "./browser";
import { station, until, type World } from "./stations-world";

tidyAfterEach();

const items = () => ["wi_1", "wi_2"].map((id) => lease(id, "authorizing", authorizeTask(id)));
const armed = ({ page }: World) => page.locator(".st-acts p[role=status]").textContent();
const seesPage = (world: World, no: number) =>
  until(`page ${String(no)} counts as seen`, async () => ((await world.page.locator(`.st-pages li:nth-child(${String(no)})`).textContent()) ?? "").includes("已看"));

test("approve is armed only when every page was shown and every item ticked", async () => {
  const world = await station("authorizing", items());
  const { page, dealer } = world;
  await seesPage(world, 1);
  await page.keyboard.press("F9");
  assert.equal(dealer.sent("/approve").length, 0);
  assert.match((await armed(world)) ?? "", /1 页影像未看.*2 项未核对/);
  // F9 that is not armed turns to what was not seen.
  await seesPage(world, 2);
  await page.keyboard.press("Numpad1");
  await page.keyboard.press("F9");
  assert.equal(dealer.sent("/approve").length, 0);
  await page.keyboard.press("Digit2");
  assert.match((await armed(world)) ?? "", /可以同意/);
  await page.keyboard.press("F9");
  await until("the approval is sent", () => dealer.sent("wi_1/approve").length === 1);
  assert.deepEqual(dealer.sent("wi_1/approve")[0]?.body, { fence: 1, checklist: ["c1", "c2"], displayed_pages: ["pag_1", "pag_2"] });
  await until("the next item is in hand", async () => (await page.locator(".st-head strong").textContent()) === "wi_2");
  assert.match((await armed(world)) ?? "", /未核对/);
  assert.deepEqual(world.complaints, []);
  await world.context.close();
});

test("vouchers of the same amount to the same account are named before the decision", async () => {
  const institution = { institution_id: "ins_1", code: "6201", name_zh: "城关支行营业部", name_en: "Chengguan Outlet", class: "outlet" };
  const similar = [{ item_no: "620120261122000007", institution, business_date: "2026-11-22", state: "posted" }];
  const world = await station("authorizing", [lease("wi_1", "authorizing", { ...authorizeTask("wi_1"), similar }), lease("wi_2", "authorizing", authorizeTask("wi_2"))]);
  const told = world.page.getByRole("region", { name: /同金额、同账户另有 1 笔/ });
  await told.getByText("620120261122000007").waitFor();
  await seesPage(world, 1);
  await world.page.keyboard.press("PageDown");
  await seesPage(world, 2);
  await world.page.keyboard.press("1");
  await world.page.keyboard.press("2");
  await world.page.keyboard.press("F9");
  await until("the next item is in hand", async () => (await world.page.locator(".st-head strong").textContent()) === "wi_2");
  assert.equal(await told.count(), 0);
  await world.context.close();
});

test("Enter and a held F9 approve nothing by accident", async () => {
  const world = await station("authorizing", items());
  const { page, dealer } = world;
  await seesPage(world, 1);
  await page.keyboard.press("PageDown");
  await seesPage(world, 2);
  await page.keyboard.press("1");
  await page.keyboard.press("2");
  await page.keyboard.press("Enter");
  await page.keyboard.press("NumpadEnter");
  assert.equal(dealer.sent("/approve").length, 0);
  await page.keyboard.down("F9");
  await page.keyboard.down("F9");
  await page.keyboard.down("F9");
  await page.keyboard.up("F9");
  await until("one approval is sent", () => dealer.sent("/approve").length === 1);
  await page.waitForTimeout(200);
  assert.equal(dealer.sent("/approve").length, 1);
  await world.context.close();
});

test("refusing takes F8, the way, the reason and Enter", async () => {
  const world = await station("authorizing", items());
  const { page, dealer } = world;
  await page.keyboard.press("F8");
  await page.keyboard.press("Digit1");
  await page.keyboard.press("Digit1");
  await page.keyboard.press("Enter");
  await until("the refusal is sent", () => dealer.sent("wi_1/refuse").length === 1);
  assert.equal(dealer.sent("wi_1/refuse")[0]?.body["reason_code"], "R01");
  await world.context.close();
});

test("Space shows the whole page or its full size", async () => {
  const world = await station("authorizing", items());
  await seesPage(world, 1);
  const percent = () => world.page.locator(".st-zoom").textContent();
  const whole = await percent();
  await world.page.keyboard.press("Space");
  assert.equal(await percent(), "100%");
  await world.page.keyboard.press("Space");
  assert.equal(await percent(), whole);
  await world.context.close();
});

test("the station has no accessibility fault, nor has its dialog", async () => {
  const world = await station("authorizing", items());
  await seesPage(world, 1);
  for (const key of [null, "F8", "Digit1"]) {
    if (key !== null) await world.page.keyboard.press(key);
    const { violations } = await new AxeBuilder({ page: world.page }).analyze();
    assert.deepEqual(violations.map((each) => [each.id, ...each.nodes.map((node) => node.html.slice(0, 120))]), []);
  }
  await world.context.close();
});
