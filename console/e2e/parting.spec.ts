// How people really leave a station: by the address bar, the back button, a closed tab, a session ended elsewhere. What they confirmed counts, once.
import assert from "node:assert/strict";
import { step, tidyAtTheEnd, until } from "./browser";
import { Keyer } from "./keyer";
import { Person } from "./person";
import { fieldCodes, submits, vouchers } from "./vouchers";

tidyAtTheEnd();

let teller: Person;
let keyer: Keyer;
let item: string;

/** What the server has counted for the keyer today. */
const done = async () => (await keyer.person.reads<{ done: number }>("/work/own-day")).done;

async function confirmsOne(): Promise<void> {
  await keyer.works();
  await keyer.page.keyboard.press("NumpadMultiply");
}

async function comesBack(): Promise<void> {
  await keyer.person.go("/stations/keying");
  await until("the keyer is at work again", async () => {
    if ((await keyer.phase().catch(() => null)) === "not_ready") await keyer.page.keyboard.press("Space");
    return (await keyer.phase().catch(() => null)) === "working";
  });
}

step("an entry confirmed within the five seconds before the page was left counts", async () => {
  teller = await Person.signedIn("100002", "/processing/capture");
  const voucher = vouchers("R01").at(-1);
  assert.ok(voucher !== undefined);
  item = await submits(teller, voucher);
  keyer = new Keyer(await Person.signedIn("200001", "/"), await fieldCodes(teller, "R01"));
  await comesBack();
  const before = await done();
  await confirmsOne();
  assert.equal(await done(), before, "it still waits for second thoughts");
  await keyer.person.go("/");
  await until("it was sent", async () => (await done()) === before + 1, 4000);
});

step("so does one before the back button", async () => {
  await comesBack();
  const before = await done();
  await confirmsOne();
  await keyer.page.goBack();
  await until("it was sent", async () => (await done()) === before + 1, 4000);
});

step("and one before the tab was closed", async () => {
  await comesBack();
  const before = await done();
  await confirmsOne();
  const { page } = keyer;
  keyer.person.page = await keyer.person.secondPage("/");
  await page.close({ runBeforeUnload: true });
  await until("it was sent", async () => (await done()) === before + 1, 4000);
});

step("what was typed when the session was ended from elsewhere is there after signing in again", async () => {
  await comesBack();
  const { page, person } = keyer;
  await keyer.works();
  const slice = await page.locator(".key-entry").getAttribute("data-work");
  const saved = page.waitForResponse((response) => response.url().endsWith("/draft") && response.ok());
  await page.keyboard.type("4711");
  await saved;
  person.allowed.push(/^401 /);
  const elsewhere = await Person.signedIn("200001", "/identity/sessions");
  const sessions = await elsewhere.reads<{ session_id: string; current: boolean }[]>("/identity/sessions");
  const token = (await elsewhere.context.cookies()).find(({ name }) => name === "shuniu_csrf")?.value ?? "";
  for (const { session_id, current } of sessions) {
    if (current) continue;
    const answer = await elsewhere.context.request.delete(`${new URL(page.url()).origin}/api/v1/identity/sessions/${session_id}`, {
      headers: { "X-CSRF-Token": token, "Idempotency-Key": crypto.randomUUID() },
    });
    assert.ok(answer.ok(), await answer.text());
  }
  await page.getByText(/登录已失效/).waitFor();
  // The stream may have heard of it before any call was refused; then the station itself says so.
  if (await page.getByRole("button", { name: "重新登录" }).isVisible()) await page.keyboard.press("Enter");
  await person.signsIn();
  await until("the sign-in is over", () => !page.url().includes("sign-in"));
  await comesBack();
  for (let seen = 0; seen < 12 && (await page.locator(".key-entry").getAttribute("data-work")) !== slice; seen += 1) await keyer.keysOne(() => undefined);
  assert.equal(await keyer.value(), "4711");
  await elsewhere.leaves();
});

step("nobody is left with half an item", async () => {
  await keyer.exits();
  await keyer.person.leaves();
  const reasons = await teller.reads<{ code: string; uses: string[] }[]>("/processing/reasons");
  await teller.commands(`/processing/items/${item}/withdraw`, { reason_code: reasons.find(({ uses }) => uses.includes("withdraw"))?.code ?? "" });
  await teller.leaves();
});
