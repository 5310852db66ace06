// A page from the terminal's camera, by keyboard alone; the camera is the browser's own pattern, and the gate judges it as any page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tidyAfterEach, until } from "./browser";
import { Person } from "./person";

tidyAfterEach();

const capture = async (person: Person) => {
  await person.go("/processing/capture");
  await person.page.locator(".sn-type").first().waitFor();
  await person.page.keyboard.press("Alt+Digit1");
  await person.page.locator(".sn-checklist").waitFor();
};
const shoots = /^用摄像头拍摄/;

test("Space shoots a page that is judged like any other, and Esc closes the camera and puts its light out", async () => {
  const person = await Person.signedIn("100003", "/");
  const { page } = person;
  // The pattern is no voucher: the gate may refuse it, in words.
  person.allowed.push(/^422 POST \/api\/v1\/processing\/items\/[^/]+\/pages$/);
  await capture(person);
  await person.presses(shoots);
  const dialog = page.getByRole("dialog");
  await dialog.locator('.sn-camera[data-state="live"]').waitFor();
  await person.isAccessible("the camera");
  const track = await page.locator("video").evaluateHandle((video) => ((video as HTMLVideoElement).srcObject as MediaStream).getTracks()[0]);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await until("the light is out", () => track.evaluate((one) => one?.readyState === "ended"));

  await person.presses(shoots);
  await dialog.locator('.sn-camera[data-state="live"]').waitFor();
  const answered = page.waitForResponse((response) => response.request().method() === "POST" && response.url().includes("/pages?"));
  await page.keyboard.press("Space");
  const answer = await answered;
  const told = (await answer.json()) as { code?: string; findings?: unknown[] };
  // Either it is stored, or the gate read it as a picture and says what is poor about it.
  assert.ok(answer.status() === 201 || (told.code === "poor_image" && (told.findings ?? []).length > 0), JSON.stringify(told));
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/^未采用：/).or(page.getByText("质量合格", { exact: true })).or(page.getByText(/^有提示/)).first().waitFor();
  await person.leaves();
});

test("without a camera nothing offers one", async () => {
  const person = await Person.at("100003");
  await person.context.addInitScript(() => {
    navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
  });
  await person.go("/");
  await person.signsIn();
  await person.page.locator(".sn-account").waitFor();
  await capture(person);
  await person.page.getByRole("button", { name: /选择文件/ }).first().waitFor();
  await person.page.waitForTimeout(300);
  assert.equal(await person.page.getByRole("button", { name: shoots }).count(), 0);
  await person.leaves();
});

test("a camera that the browser may not use says so, and how to go on", async () => {
  const person = await Person.at("100003");
  await person.context.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  });
  await person.go("/");
  await person.signsIn();
  await person.page.locator(".sn-account").waitFor();
  await capture(person);
  await person.presses(shoots);
  await person.page.getByText("浏览器未允许使用摄像头").waitFor();
  await person.isAccessible("a camera that may not be used");
  await person.leaves();
});
