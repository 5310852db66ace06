// Somebody at a terminal: signs in, goes to a page, presses keys.
import assert from "node:assert/strict";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { accessibilityFaults, BASE, newContext, until, watch } from "./browser";

/** Everybody's password in the demonstration. */
export const PASSWORD = "demo-shuniu-2026";

export type Language = "zh" | "en";

export class Person {
  private constructor(
    readonly no: string,
    readonly context: BrowserContext,
    public page: Page,
    /** What the terminal complained about; empty at the end of a good day. */
    readonly complaints: string[],
    readonly allowed: RegExp[],
  ) {}

  /** Opens a terminal without signing in. */
  static async at(no: string, language: Language = "zh"): Promise<Person> {
    const context = await newContext(language === "zh" ? "zh-CN" : "en-US");
    const complaints: string[] = [];
    const allowed: RegExp[] = [];
    await context.addInitScript((shown) => localStorage.setItem("shuniu.display", shown), JSON.stringify({ language, mode: "light", density: "100" }));
    const page = await context.newPage();
    watch(page, complaints, allowed);
    return new Person(no, context, page, complaints, allowed);
  }

  static async signedIn(no: string, path = "/", language: Language = "zh"): Promise<Person> {
    const person = await Person.at(no, language);
    await person.go(path);
    await person.signsIn();
    await person.page.waitForURL((url) => url.pathname === path);
    return person;
  }

  async go(path: string): Promise<void> {
    await this.page.goto(`${BASE}${path}`);
  }

  /** Fills the form that has the focus already, by keyboard. */
  async signsIn(password = PASSWORD): Promise<void> {
    await until("the employee number has the focus", () => this.page.evaluate(() => document.activeElement?.id === "employee_no"));
    await this.page.keyboard.press("Control+KeyA");
    await this.page.keyboard.type(this.no);
    await this.page.keyboard.press("Tab");
    await this.page.keyboard.type(password);
    await this.page.keyboard.press("Enter");
  }

  /** A second window of the same terminal. */
  async secondPage(path: string): Promise<Page> {
    const page = await this.context.newPage();
    watch(page, this.complaints, this.allowed);
    await page.goto(`${BASE}${path}`);
    return page;
  }

  /** Presses Tab until `target` has the focus. */
  async tabsTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < 150; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Tab never reaches ${String(target)}`);
  }

  /** Goes to a button by Tab and presses it by Enter. */
  async presses(name: string | RegExp, role: "button" | "link" | "menuitem" = "button"): Promise<void> {
    const target = this.page.getByRole(role, { name, ...(typeof name === "string" ? { exact: true } : {}) }).first();
    await this.tabsTo(target);
    await this.page.keyboard.press("Enter");
  }

  /** Chooses a file by the button `name`. */
  async choosesFile(name: string | RegExp, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.presses(name);
    await (await chooser).setFiles(file);
  }

  /** Reads from the API with this person's session. */
  async reads<T>(path: string): Promise<T> {
    const answer = await this.context.request.get(`${BASE}/api/v1${path}`);
    assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** How the API answers this person's session when it reads, whatever the console would show. */
  async statusOf(path: string): Promise<number> {
    return (await this.context.request.get(`${BASE}/api/v1${path}`)).status();
  }

  /** Sends a command with this person's session past the console; answers how the API takes it. */
  async sends(path: string, body: Record<string, unknown>): Promise<{ status: number; text: string }> {
    const token = (await this.context.cookies()).find(({ name }) => name === "shuniu_csrf")?.value ?? "";
    const answer = await this.context.request.post(`${BASE}/api/v1${path}`, { data: body, headers: { "X-CSRF-Token": token, "Idempotency-Key": crypto.randomUUID() } });
    return { status: answer.status(), text: await answer.text() };
  }

  /** Sends a command that a test needs to be done and does not test. */
  async commands(path: string, body: Record<string, unknown>): Promise<void> {
    const { status, text } = await this.sends(path, body);
    assert.ok(status < 300, `${path}: ${text}`);
  }

  async isAccessible(where: string): Promise<void> {
    assert.deepEqual(await accessibilityFaults(this.page), [], `accessibility of ${where}`);
  }

  /** Checks that nothing was complained about, and leaves the terminal. */
  async leaves(): Promise<void> {
    await this.context.close();
    assert.deepEqual(this.complaints, [], `complaints on the terminal of ${this.no}`);
  }
}
