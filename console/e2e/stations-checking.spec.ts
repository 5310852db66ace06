// 审核台 and 退票复核台 in a real browser, by keyboard alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { checkField, checkTask, composes, lease, reviewTask } from "./stations-dealer";
import { tidyAfterEach } from "./browser";
import { station, until, type World } from "./stations-world";

tidyAfterEach();

const FIELDS = [
  checkField("payee", "name", "agreed", { value: "甘肃某公司" }),
  checkField("account", "account", "unsettled", { candidates: [{ by: "first", value: "62128" }, { by: "second", value: "621B8" }] }),
  checkField("purpose", "text", "single", { value: "货款", page_id: "pag_2" }),
];
const FAILED = { rule: "r1", outcome: "failed", fields: ["payee"], text_zh: "户名与账号不符。", text_en: "Name and account differ." };
const items = () => ["wi_1", "wi_2"].map((id) => lease(id, "checking", checkTask(id, FIELDS)));
const active = ({ page }: World) => page.locator(".chk-name h2").textContent();

test("differences come first, one key settles each, Ctrl+Enter passes the item and shows the next", async () => {
  const world = await station("checking", items());
  const { page, dealer } = world;
  assert.equal(await active(world), "account");
  assert.deepEqual(await page.locator(".chk-text mark").allTextContents(), ["2", "B"]);
  await page.keyboard.press("Control+Enter");
  assert.match((await page.locator(".st-acts [role=status]").textContent()) ?? "", /2 项未确认/);
  assert.equal(dealer.sent("/pass").length, 0);
  await page.keyboard.press("Alt+Digit1");
  await page.keyboard.press("F2");
  assert.equal(await active(world), "purpose");
  assert.equal(await page.locator(".st-pages [aria-current=page]").textContent(), "2 凭证正面");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await until("the pass is sent", () => dealer.sent("wi_1/pass").length === 1);
  assert.deepEqual(dealer.sent("wi_1/pass")[0]?.body["fields"], [
    { code: "payee", value: "甘肃某公司" },
    { code: "account", value: "62128", cause: "handwriting" },
    { code: "purpose", value: "货款" },
  ]);
  await until("the next item is in hand", async () => (await page.locator(".st-head strong").textContent()) === "wi_2");
  assert.equal(await active(world), "account");
  assert.deepEqual(world.complaints, []);
  await world.context.close();
});

test("a third value is typed, with an input method too, and no candidate key types anything", async () => {
  const world = await station("checking", [lease("wi_1", "checking", checkTask("wi_1", [checkField("payee", "name", "unsettled", { candidates: [{ by: "first", value: "甲" }, { by: "second", value: "乙" }] })]))]);
  const { page, dealer } = world;
  await composes(page, "丙公司");
  assert.equal(await page.locator(".chk-value input").inputValue(), "丙公司");
  await page.keyboard.press("F4");
  assert.equal(await page.locator(".chk-value input").inputValue(), "乙");
  await page.locator(".chk-value input").fill("丁");
  await page.keyboard.press("Control+Enter");
  await until("the pass is sent", () => dealer.sent("/pass").length === 1);
  assert.deepEqual(dealer.sent("/pass")[0]?.body["fields"], [{ code: "payee", value: "丁" }]);
  await world.context.close();
});

test("a failed rule opens a field that was keyed alike, and says why", async () => {
  const world = await station("checking", [lease("wi_1", "checking", checkTask("wi_1", [FIELDS[0] ?? {}], [FAILED]))]);
  assert.equal(await active(world), "payee");
  assert.equal(await world.page.locator(".chk-rules li").textContent(), "户名与账号不符。");
  await world.context.close();
});

test("returning takes F8, two digits and Enter, and points at the field", async () => {
  const world = await station("checking", items());
  const { page, dealer } = world;
  await page.keyboard.press("F8");
  await page.keyboard.press("Numpad1");
  await page.keyboard.press("Enter");
  assert.equal(dealer.sent("/return").length, 0, "no reason was chosen yet");
  await page.keyboard.press("Numpad2");
  await page.keyboard.press("NumpadEnter");
  await until("the return is sent", () => dealer.sent("/return").length === 1);
  const body = dealer.sent("/return")[0]?.body ?? {};
  assert.equal(body["reason_code"], "R02");
  assert.deepEqual((body["boxes"] as { page_id: string }[]).map((box) => box.page_id), ["pag_1"]);
  await world.context.close();
});

test("a held F8 or Ctrl+Enter acts once", async () => {
  const world = await station("checking", items());
  const { page } = world;
  await page.keyboard.down("F8");
  await page.keyboard.down("F8");
  await page.keyboard.up("F8");
  assert.equal(await page.locator("dialog").count(), 1);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog").count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-keys-field")), "checking.value");
  await world.context.close();
});

test("letters move the image only while the image has the focus", async () => {
  const world = await station("checking", items());
  const { page } = world;
  const place = () => page.locator(".st-page").evaluate((element) => element.style.transform);
  const before = await place();
  await page.keyboard.type("zx");
  assert.equal(await page.locator(".chk-value input").inputValue(), "zx");
  assert.equal(await place(), before);
  await page.keyboard.press("Alt+KeyI");
  await page.keyboard.press("KeyZ");
  assert.notEqual(await place(), before);
  assert.equal(await page.locator(".chk-value input").inputValue(), "zx");
  await world.context.close();
});

test("what is settled goes to the server as a draft", async () => {
  const world = await station("checking", items());
  await world.page.keyboard.press("F4");
  await until("a draft is kept", () => world.dealer.sent("/draft").length > 0);
  assert.match(JSON.stringify(world.dealer.sent("/draft")[0]?.body), /621B8/);
  await world.context.close();
});

test("a refusal is upheld with F9, and overturned with F8 only with a reason", async () => {
  const world = await station("refusal-review", ["wi_1", "wi_2"].map((id) => lease(id, "refusal_review", reviewTask(id))));
  const { page, dealer } = world;
  await page.keyboard.press("F9");
  await until("the refusal is upheld", () => dealer.sent("wi_1/uphold").length === 1);
  await until("the next one is in hand", async () => (await page.locator(".st-head strong").textContent()) === "wi_2");
  await page.keyboard.press("F8");
  await page.keyboard.press("Enter");
  assert.equal(dealer.sent("/overturn").length, 0);
  await page.keyboard.type("not altered");
  await page.keyboard.press("Enter");
  await until("it is overturned", () => dealer.sent("wi_2/overturn").length === 1);
  assert.equal(dealer.sent("wi_2/overturn")[0]?.body["note"], "not altered");
  await world.context.close();
});

for (const [name, queue, task] of [["checking", "checking", checkTask("wi_1", FIELDS, [FAILED])], ["refusal-review", "refusal_review", reviewTask("wi_1")]] as const) {
  test(`the ${name} station has no accessibility fault, nor has its dialog`, async () => {
    const world = await station(name, [lease("wi_1", queue, task)]);
    await world.page.waitForTimeout(300);
    for (const key of [null, "F8"]) {
      if (key !== null) await world.page.keyboard.press(key);
      const { violations } = await new AxeBuilder({ page: world.page }).analyze();
      assert.deepEqual(violations.map((each) => [each.id, ...each.nodes.map((node) => node.html.slice(0, 120))]), []);
    }
    await world.context.close();
  });
}
