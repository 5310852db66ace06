// The door: wrong passwords, lock-out, sign-out, and a session that somebody ends from elsewhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tidyAfterEach, until } from "./browser";
import { Person, type Language } from "./person";

tidyAfterEach();

const REFUSED = /^(401|429) POST \/api\/v1\/identity\/sessions$/;
const said = (person: Person) => person.page.getByRole("alert").first().textContent();
const focused = (person: Person) => person.page.evaluate(() => document.activeElement?.id ?? "");

const WRONG = { zh: "工号或密码不正确。请核对后重试。", en: "The employee number or the password is wrong. Check both and try again." } as const;
for (const language of ["zh", "en"] satisfies Language[]) {
  test(`a wrong password is told in one sentence, and the password can be typed again at once (${language})`, async () => {
    const person = await Person.at("600001", language);
    person.allowed.push(REFUSED);
    await person.go("/");
    await person.isAccessible("the sign-in page");
    await person.signsIn("not-the-password");
    await person.page.getByText(WRONG[language]).waitFor();
    await until("the password has the focus, empty", async () => (await focused(person)) === "password" && (await person.page.locator("#password").inputValue()) === "");
    assert.equal(await person.page.locator("html").getAttribute("lang"), language === "zh" ? "zh-CN" : "en");
    await person.page.keyboard.type("demo-shuniu-2026");
    await person.page.keyboard.press("Enter");
    await person.page.locator(".sn-account").waitFor();
    assert.ok(!(await person.page.content()).includes("not-the-password"));
    await person.leaves();
  });
}

test("an unknown number is answered as a wrong password is", async () => {
  const person = await Person.at("999999");
  person.allowed.push(REFUSED);
  await person.go("/");
  await person.signsIn();
  await person.page.getByText(WRONG.zh).waitFor();
  await person.leaves();
});

test("five wrong passwords lock out, with the seconds counted down, and the right one does not help before", async () => {
  const person = await Person.at("790001");
  person.allowed.push(REFUSED);
  await person.go("/");
  await person.signsIn("wrong-1");
  for (const attempt of [2, 3, 4, 5, 6]) {
    await until("the form takes another attempt", async () => (await focused(person)) === "password" && (await person.page.locator("#password").inputValue()) === "");
    if (await person.page.getByText(/请等待/).isVisible()) break;
    await person.page.keyboard.type(`wrong-${String(attempt)}`);
    const answered = person.page.waitForResponse((response) => response.url().endsWith("/identity/sessions"));
    await person.page.keyboard.press("Enter");
    await answered;
  }
  await person.page.getByText(/连续输错次数过多，请等待/).waitFor();
  const first = (await said(person)) ?? "";
  await person.isAccessible("the sign-in page of somebody locked out");
  await until("the seconds go down", async () => (await said(person)) !== first);
  assert.ok(await person.page.getByRole("button", { name: "登 录" }).or(person.page.getByRole("button", { name: "登录" })).first().isDisabled());
  const session = await person.context.request.get(`${new URL(person.page.url()).origin}/api/v1/identity/me`);
  assert.equal(session.status(), 401);
  await person.leaves();
});

test("signing out by keyboard leaves nothing that the back button could show", async () => {
  const person = await Person.signedIn("600001", "/");
  await person.presses("登录会话", "link");
  await person.page.waitForURL(/\/identity\/sessions$/);
  await person.presses("个人菜单");
  await person.page.getByRole("menuitem", { name: "退出登录" }).waitFor();
  const onItem = (name: string) =>
    until(`${name} has the focus`, () => person.page.evaluate((words) => document.activeElement?.getAttribute("role") === "menuitem" && document.activeElement.textContent?.includes(words) === true, name));
  await onItem("修改密码");
  await person.page.keyboard.press("ArrowDown");
  await onItem("退出登录");
  await person.page.keyboard.press("Enter");
  await person.page.waitForURL(/\/identity\/sign-in$/);
  await person.page.goBack();
  await person.page.locator("#employee_no").waitFor();
  assert.equal(await person.page.locator(".sn-account").count(), 0);
  await person.leaves();
});

test("a session ended from another terminal closes the station there, with a way back", async () => {
  const [here, there] = [await Person.signedIn("250001", "/identity/sessions"), await Person.signedIn("250001", "/stations/keying")];
  there.allowed.push(/^401 /);
  await there.page.getByRole("button", { name: "就绪", exact: true }).waitFor();
  await there.page.keyboard.press("Space");
  await there.page.locator('.st[data-phase="waiting"]').waitFor();
  const rows = here.page.locator("tbody tr");
  await here.page.reload();
  await until("both sessions are listed", async () => (await rows.count()) >= 2);
  const other = here.page.locator("tbody tr").filter({ has: here.page.locator("button:not([aria-disabled=true]):not([disabled])", { hasText: "注销会话" }) }).first();
  await here.tabsTo(other.getByRole("button", { name: /注销会话/ }));
  await here.page.keyboard.press("Enter");
  await here.page.getByRole("dialog").waitFor();
  await here.isAccessible("the question before a session is ended");
  await here.tabsTo(here.page.getByRole("dialog").getByRole("button", { name: "注销会话" }));
  await here.page.keyboard.press("Enter");
  await here.page.getByText("会话已注销。").waitFor();
  await until("the other terminal says so", async () =>
    (await there.page.getByText("登录已失效").isVisible()) || (await there.page.locator("#employee_no").isVisible()));
  await there.isAccessible("a station whose session has ended");
  await here.leaves();
  await there.leaves();
});

test("an administrator ends one session of another person, and only that browser says so", async () => {
  const admin = await Person.signedIn("900001", "/");
  const [lost, kept] = [await Person.signedIn("350002", "/stations/refusal-review"), await Person.signedIn("350002", "/")];
  lost.allowed.push(/^401 /);
  await lost.page.getByRole("button", { name: "就绪", exact: true }).waitFor();
  const { person_id } = await kept.reads<{ person_id: string }>("/identity/me");
  await admin.go(`/identity/sessions?person=${person_id}`);
  const rows = admin.page.locator("tbody tr");
  await until("both sessions are listed", async () => (await rows.count()) === 2);
  // The oldest is the station's.
  const texts = await rows.allInnerTexts();
  const started = texts.map((text) => /\d{2}:\d{2}:\d{2}/.exec(text)?.[0] ?? text);
  const first = (started[0] ?? "") < (started[1] ?? "") ? 0 : 1;
  await admin.tabsTo(rows.nth(first).getByRole("button", { name: "注销会话" }));
  await admin.page.keyboard.press("Enter");
  const dialog = admin.page.getByRole("dialog");
  await dialog.waitFor();
  await until("the reason has the focus", () => admin.page.evaluate(() => document.activeElement?.tagName === "TEXTAREA"));
  await admin.page.keyboard.press("Control+Enter");
  await dialog.getByText(/请填写|须/).first().waitFor();
  await admin.page.keyboard.type("终端遗失");
  await admin.page.keyboard.press("Control+Enter");
  await admin.page.getByText("会话已注销。").waitFor();
  await until("the other browser says so", async () => (await lost.page.getByText("登录已失效").isVisible()) || (await lost.page.locator("#employee_no").isVisible()));
  await until("one session is left", async () => (await rows.count()) === 1);
  assert.equal(await kept.statusOf("/identity/me"), 200);
  await admin.leaves();
  await lost.leaves();
  await kept.leaves();
});
