// 录入台 in a real browser, by keyboard alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { composes, lease, slice } from "./stations-dealer";
import { tidyAfterEach } from "./browser";
import { open, station, until, type World } from "./stations-world";

tidyAfterEach();

const amounts = () => ["wi_1", "wi_2", "wi_3", "wi_4"].map((id) => lease(id, "keying", slice("amount", `金额 ${id}`)));
const value = ({ page }: World) => page.locator("#keying-value").inputValue();
const fieldName = ({ page }: World) => page.locator(".key-name label").textContent();
const focusedId = ({ page }: World) => page.evaluate(() => document.activeElement?.id ?? "");

test("a whole batch is keyed on the keypad, without waiting for the server", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  dealer.answers.set("wi_1/entry", { status: 200, body: { accepted: true }, afterMs: 1500 });
  await page.keyboard.type("1234.5");
  await page.keyboard.press("NumpadEnter");
  // The next field has the focus although the first entry is still under way.
  assert.equal(await fieldName(world), "金额 wi_2");
  assert.equal(await focusedId(world), "keying-value");
  assert.equal(await value(world), "");
  for (const text of ["200", "300", "400"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("NumpadEnter");
    await page.waitForTimeout(80);
  }
  await until("all four entries are sent", () => dealer.sent("/entry").length === 4);
  assert.deepEqual(dealer.sent("/entry").map((call) => call.body["value"]), ["1234.50", "200.00", "300.00", "400.00"]);
  assert.equal(new Set(dealer.sent("/entry").map((call) => call.key)).size, 4);
  assert.ok(dealer.sent("/entry").every((call) => Number(call.body["keystrokes"]) > 0));
  assert.deepEqual(dealer.acknowledged, ["wi_1", "wi_2", "wi_3", "wi_4"]);
  assert.deepEqual(world.complaints, []);
  await world.context.close();
});

test("an Enter that chooses a candidate confirms nothing, the next one does", async () => {
  const world = await station("keying", [lease("wi_1", "keying", slice("name", "收款人"))]);
  await composes(world.page, "甘肃某公司");
  assert.equal(await value(world), "甘肃某公司");
  assert.equal(world.dealer.sent("/entry").length, 0);
  await world.page.waitForTimeout(100);
  await world.page.keyboard.press("Enter");
  await until("the entry is sent", () => world.dealer.sent("/entry").length === 1);
  assert.equal(world.dealer.sent("/entry")[0]?.body["value"], "甘肃某公司");
  await world.context.close();
});

test("full-width figures are repaired and counted", async () => {
  const world = await station("keying", amounts());
  await composes(world.page, "１２３４．５６");
  assert.equal(await value(world), "1234.56");
  assert.match((await world.page.locator(".key-repaired").textContent()) ?? "", /7/);
  assert.match((await world.page.locator(".key-echo").textContent()) ?? "", /1,234\.56.*壹仟贰佰叁拾肆元伍角陆分/);
  await world.context.close();
});

test("the keypad's signs act and type nothing", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  await page.keyboard.type("77");
  await page.keyboard.press("NumpadEnter");
  await page.keyboard.press("NumpadAdd");
  assert.equal(await value(world), "77");
  await page.keyboard.press("NumpadDivide");
  await page.keyboard.press("NumpadMultiply");
  await until("two entries are sent", () => dealer.sent("/entry").length === 2);
  assert.deepEqual(dealer.sent("/entry").map((call) => call.body["unreadable"]), [false, true]);
  await world.context.close();
});

test("for five seconds the last entry can be taken back, by the keypad and by Ctrl+Z, and leaves once", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  await page.keyboard.type("77");
  await page.keyboard.press("NumpadEnter");
  await page.keyboard.press("NumpadSubtract");
  assert.deepEqual([await fieldName(world), await value(world), await focusedId(world)], ["金额 wi_1", "77", "keying-value"]);
  await page.keyboard.type("8");
  await page.keyboard.press("NumpadEnter");
  await page.keyboard.press("Control+KeyZ");
  assert.deepEqual([await fieldName(world), await value(world)], ["金额 wi_1", "778"]);
  // Ctrl+Z is the text's own once something is typed.
  await page.keyboard.press("NumpadEnter");
  await page.keyboard.type("5");
  await page.keyboard.press("Control+KeyZ");
  assert.equal(await fieldName(world), "金额 wi_2");
  assert.equal(dealer.sent("/entry").length, 0);
  await until("the entry leaves when its time is over", () => dealer.sent("/entry").length === 1);
  assert.equal(dealer.sent("wi_1/entry")[0]?.body["value"], "778.00");
  await page.keyboard.press("NumpadSubtract");
  assert.match((await page.locator(".st-strip-words").textContent()) ?? "", /不能取回/);
  await world.context.close();
});

test("leaving the station sends the last entry first", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  await page.keyboard.type("9");
  await page.keyboard.press("NumpadEnter");
  await page.getByRole("button", { name: "退出", exact: true }).click();
  await until("signed out", () => dealer.sent("/presence/me").length === 2);
  const order = dealer.calls.filter((call) => /entry|presence/.test(call.path)).map((call) => call.path.split("/").at(-1));
  assert.deepEqual(order, ["me", "entry", "me"]);
  await world.context.close();
});

test("what cannot be an amount stays, what is only odd is asked about once", async () => {
  const world = await station("keying", [lease("wi_1", "keying", slice("amount", "金额")), lease("wi_2", "keying", slice("date", "日期"))]);
  const { page, dealer } = world;
  await page.keyboard.type("12a");
  await page.keyboard.press("NumpadEnter");
  assert.match((await page.locator("#keying-message").textContent()) ?? "", /不是有效金额/);
  assert.equal(dealer.sent("/entry").length, 0);
  await page.keyboard.press("Backspace");
  await page.keyboard.press("NumpadEnter");
  await page.keyboard.type("20261399");
  await page.keyboard.press("NumpadEnter");
  assert.equal(dealer.sent("/entry").filter((call) => call.path.includes("wi_2")).length, 0);
  await page.keyboard.press("NumpadEnter");
  await until("the odd date is sent as seen", () => dealer.sent("wi_2/entry").length === 1);
  assert.equal(dealer.sent("wi_2/entry")[0]?.body["value"], "20261399");
  await world.context.close();
});

test("nothing moves from one slice to the next, whatever their kind and size", async () => {
  const kinds = ["amount", "name", "date", "account", "capital_amount", "text"];
  const world = await station("keying", kinds.map((kind, index) => lease(`wi_${String(index)}`, "keying", slice(kind, kind, { image_width: 200 + index * 300, image_height: 40 + index * 20 }))));
  const places = () => world.page.evaluate(() =>
    [".key-slice", ".key-entry", "#keying-value", ".key-echo", ".key-acts", ".key-ticker", ".st-strip"].map((name) => {
      const { x, y, width, height } = document.querySelector(name)?.getBoundingClientRect() ?? new DOMRect();
      return [x, y, width, height].map(Math.round).join(" ");
    }));
  const first = await places();
  for (const kind of kinds.slice(1)) {
    await world.page.keyboard.press("NumpadMultiply");
    await until(`${kind} is in hand`, async () => (await fieldName(world)) === kind);
    await world.page.keyboard.type("1");
    assert.deepEqual(await places(), first, kind);
  }
  await world.context.close();
});

test("what the server refuses comes back with its text and a sentence, after the slice in hand", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  dealer.answers.set("wi_1/entry", { status: 422, body: { code: "invalid_field", title_zh: "填写不正确，请更正。", title_en: "Not valid." } });
  await page.keyboard.type("55");
  await page.keyboard.press("NumpadEnter");
  await page.keyboard.type("6");
  await until("the refusal is told", async () => ((await page.locator(".st-strip-words").textContent()) ?? "").includes("填写不正确"));
  assert.equal(await fieldName(world), "金额 wi_2");
  assert.equal(await value(world), "6");
  await page.keyboard.press("NumpadEnter");
  assert.equal(await fieldName(world), "金额 wi_1");
  assert.equal(await value(world), "55");
  await world.context.close();
});

test("with the cable pulled typing goes on, and each entry arrives once afterwards", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  dealer.pullCable();
  await page.keyboard.type("11");
  await page.keyboard.press("NumpadEnter");
  await page.keyboard.type("22");
  await until("the lamp says offline", async () => ((await page.locator(".st-lamp").textContent()) ?? "").includes("离线"), 12_000);
  assert.equal(await value(world), "22");
  dealer.plugIn();
  await until("the first entry arrived", () => dealer.sent("wi_1/entry").length > 0, 20_000);
  await page.keyboard.press("NumpadEnter");
  await until("the second entry arrived", () => dealer.sent("wi_2/entry").length > 0);
  assert.equal(new Set(dealer.sent("wi_1/entry").map((call) => call.key)).size, 1);
  assert.deepEqual(dealer.sent("wi_1/entry")[0]?.body["value"], "11.00");
  await world.context.close();
});

test("typed text goes to the server as a draft and never into the browser's storage", async () => {
  const world = await station("keying", amounts());
  await world.page.keyboard.type("98765");
  await until("a draft is kept", () => world.dealer.sent("/draft").length > 0);
  assert.equal(world.dealer.sent("/draft").at(-1)?.body["text"], "98765");
  const stored = await world.page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }));
  assert.ok(!stored.includes("98765"));
  await world.context.close();
});

test("a break waits for the slice in hand", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  await page.keyboard.press("F9");
  await page.keyboard.type("5");
  assert.equal(dealer.sent("/presence/me").length, 1);
  await page.keyboard.press("NumpadEnter");
  await until("the break has begun", () => dealer.sent("/presence/me").length === 2);
  assert.deepEqual(dealer.sent("/presence/me")[1]?.body, { state: "break", reason: "break" });
  await page.getByRole("button", { name: "恢复作业" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator('.st[data-phase="working"]').waitFor();
  await world.context.close();
});

test("work that the server takes back is told with its reason", async () => {
  const world = await station("keying", amounts());
  world.dealer.release("wi_1", "reassigned");
  await until("the next slice is in hand", async () => (await fieldName(world)) === "金额 wi_2");
  assert.match((await world.page.locator(".st-strip-words").textContent()) ?? "", /已改派他人/);
  await world.context.close();
});

test("full-width figures that are pasted are repaired, and a pasted line break is no confirmation", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  await page.evaluate(() => {
    const field = document.querySelector<HTMLInputElement>("#keying-value");
    const data = new DataTransfer();
    data.setData("text/plain", "￥１２，３４５．６\r\n");
    field?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    // The browser itself puts the text in without its line break; a page cannot ask it to.
    document.execCommand("insertText", false, "￥１２，３４５．６");
  });
  assert.equal(await value(world), "¥12,345.6");
  assert.equal(dealer.sent("/entry").length, 0);
  assert.match((await page.locator(".key-echo").textContent()) ?? "", /12,345\.60/);
  await world.context.close();
});

test("on a slow line the field is there before its image, and takes what is typed", async () => {
  const world = await station("keying", []);
  const { page, dealer } = world;
  dealer.slowMs = 1500;
  dealer.deal(...amounts());
  await page.locator('.st[data-phase="working"]').waitFor();
  assert.match((await page.locator(".key-slice").textContent()) ?? "", /影像载入中/);
  assert.equal(await focusedId(world), "keying-value");
  await page.keyboard.type("12");
  await page.locator(".key-slice img").waitFor();
  assert.equal(await value(world), "12");
  for (const text of ["1", "2", "3"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("NumpadEnter");
    assert.equal(await focusedId(world), "keying-value");
  }
  await until("all are sent, once each", () => dealer.sent("/entry").length === 3, 20_000);
  assert.equal(new Set(dealer.sent("/entry").map((call) => call.key)).size, 3);
  await world.context.close();
});

test("a session that ended while somebody typed says so, and shows nothing of the work any more", async () => {
  const world = await station("keying", amounts());
  const { page, dealer } = world;
  await page.keyboard.type("12");
  dealer.answers.set("wi_1/entry", { status: 401, body: { code: "unauthenticated", title_zh: "请先登录。", title_en: "Sign in first." } });
  await page.keyboard.press("NumpadEnter");
  await page.keyboard.press("NumpadMultiply");
  await page.getByText(/登录已失效/).waitFor();
  assert.equal(await page.locator("#keying-value").count(), 0);
  await world.context.close();
});

test("a second window says that the station is open elsewhere, and can take it over", async () => {
  const world = await station("keying", amounts());
  const second = await open(world.context, "keying");
  await second.getByText("作业台已在另一个窗口打开").waitFor();
  await second.keyboard.press("Enter");
  await second.locator("#keying-value").waitFor();
  await world.page.getByText("作业台已在另一个窗口打开").waitFor();
  await world.context.close();
});

test("the heartbeat comes every second from the worker", async () => {
  const world = await station("keying", []);
  await until("three heartbeats", () => world.dealer.heartbeats.length >= 3);
  assert.ok(world.dealer.heartbeats.every((beat) => beat["active"] === true));
  assert.deepEqual(world.complaints, []);
  await world.context.close();
});

for (const [name, waiting, ready] of [["not ready", [], false], ["waiting", [], true], ["at work", amounts(), true]] as const) {
  test(`the station ${name} has no accessibility fault`, async () => {
    const world = await station("keying", [...waiting], ready);
    await world.page.waitForTimeout(300);
    const { violations } = await new AxeBuilder({ page: world.page }).analyze();
    assert.deepEqual(violations.map((each) => [each.id, ...each.nodes.map((node) => node.html.slice(0, 120))]), []);
    await world.context.close();
  });
}
