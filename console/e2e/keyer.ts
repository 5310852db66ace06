// A keyer at the keying station: hands on the keypad, eyes on the slice. What is written there comes from the voucher's truth.
import { until } from "./browser";
import { Person } from "./person";
import { composes } from "./stations-dealer";

/** What to type for a field; undefined means that it cannot be read. */
export type Reads = (code: string) => string | undefined;

export class Keyer {
  /** Codes of the fields keyed so far, in their order. */
  readonly keyed: string[] = [];

  constructor(readonly person: Person, readonly codes: Map<string, string>) {}

  static async at(no: string, codes: Map<string, string>): Promise<Keyer> {
    return new Keyer(await Person.signedIn(no, "/stations/keying"), codes);
  }

  get page() {
    return this.person.page;
  }

  phase(): Promise<string | null> {
    return this.page.locator(".st").getAttribute("data-phase");
  }

  async goesReady(): Promise<void> {
    await this.page.getByRole("button", { name: "就绪", exact: true }).waitFor();
    await this.page.keyboard.press("Space");
    await until("the keyer is ready", async () => ["working", "waiting"].includes((await this.phase()) ?? ""));
  }

  async field(): Promise<string> {
    const name = (await this.page.locator(".key-name label").textContent()) ?? "";
    const code = this.codes.get(name);
    if (code === undefined) throw new Error(`no field is called ${name}`);
    return code;
  }

  value(): Promise<string> {
    return this.page.locator("#keying-value").inputValue();
  }

  async works(): Promise<void> {
    await this.page.locator('.st[data-phase="working"]').waitFor();
    await until("the field has the focus", () => this.page.evaluate(() => document.activeElement?.id === "keying-value"));
  }

  /** Types as a person would: figures on the keys, Chinese by an input method. */
  async types(text: string): Promise<void> {
    if (/^[\x20-\x7e]*$/.test(text)) await this.page.keyboard.type(text);
    else {
      await composes(this.page, text);
      // An Enter right behind a composition still belongs to it; no hand is that fast.
      await this.page.waitForTimeout(120);
    }
  }

  /** Keys the slice in hand; a doubt is confirmed once more, because blind keying takes what is seen. */
  async keysOne(reads: Reads): Promise<void> {
    await this.works();
    const code = await this.field();
    const slice = await this.#slice();
    this.#count();
    const text = reads(code);
    // A draft of somebody's own may stand there already.
    if ((await this.value()) !== "") await this.page.keyboard.press("Control+KeyA");
    if (text === undefined) await this.page.keyboard.press("NumpadMultiply");
    else {
      await this.types(text);
      await this.page.keyboard.press("NumpadEnter");
      if ((await this.page.locator("#keying-message").textContent())?.includes("再按一次回车") === true) await this.page.keyboard.press("NumpadEnter");
    }
    await until(`${code} is taken`, async () => (await this.#slice()) !== slice);
    this.#confirmed += 1;
    this.keyed.push(code);
  }

  /** Keys until nothing comes any more for `quietMs` and everything has arrived: the last entry waits some seconds for second thoughts. */
  async keysAll(reads: Reads, quietMs = 700): Promise<void> {
    let end = Date.now() + quietMs;
    while (Date.now() < end || this.#entries < this.#confirmed) {
      if ((await this.phase()) === "working") {
        await this.keysOne(reads);
        end = Date.now() + quietMs;
      } else await this.page.waitForTimeout(30);
    }
  }

  /** Signs out of the station by its button, so that no more work comes. */
  async exits(): Promise<void> {
    await this.page.getByRole("button", { name: "退出", exact: true }).focus();
    await this.page.keyboard.press("Enter");
    await this.page.waitForURL((url) => url.pathname === "/");
  }

  /** Entries that left the station: counted by their answers, so that a fault does not pass for one. */
  #entries = 0;
  #confirmed = 0;
  #counting = false;

  #count(): void {
    if (this.#counting) return;
    this.#counting = true;
    this.person.context.on("response", (response) => {
      if (response.url().endsWith("/entry") && response.ok()) this.#entries += 1;
    });
  }

  /** Which piece of work is on the screen. */
  #slice(): Promise<string | null> {
    return this.page.locator(".key-entry").getAttribute("data-work");
  }
}
