// Deals work to a station in a real browser and records what comes back. It knows no rule of the bank: what to deal and what to answer is each test's own.
import type { BrowserContext, Page, Route, WebSocketRoute } from "playwright-core";

export interface Call {
  method: string;
  path: string;
  body: Record<string, unknown>;
  key: string | undefined;
}

type Json = Record<string, unknown>;

const OUTLET = { institution_id: "ins_1", code: "6201", name_zh: "城关支行营业部", name_en: "Chengguan Outlet", class: "outlet" };
const PERMISSIONS = ["slice.key", "item.check", "item.review_refusal", "item.authorize", "work.take"];
const ME = {
  person_id: "psn_1", employee_no: "620118", name: "马晓燕", category: "employee", institution: OUTLET, posts: [], permissions: PERMISSIONS,
  seat: "A-17", must_change_password: false,
};
const REASONS = ["return", "refuse", "rescan", "suspend", "hand_back"].flatMap((use, index) => [
  { code: `R${String(index)}1`, name_zh: `原因甲${String(index)}`, name_en: `Reason A${String(index)}`, uses: [use] },
  { code: `R${String(index)}2`, name_zh: `原因乙${String(index)}`, name_en: `Reason B${String(index)}`, uses: [use] },
]);
const BUSINESS_TYPE = { code: "payment_order", version: 1, name_zh: "支付申请书", name_en: "Payment order" };

export function item(no: string): Json {
  return {
    item_id: `itm_${no}`, item_no: no, business_type: BUSINESS_TYPE, institution: OUTLET, state: "checking", version: 1, business_date: "2026-11-23",
    overdue: false, priority_class: 3, stage: "checking", updated_at: "2026-11-23T02:00:00Z", amount: { minor: "12875640", currency: "CNY" },
  };
}

export function lease(id: string, queue: string, task: Json, fence = 1): Json {
  return { work_item_id: id, queue, fence, expires_at: "2026-11-23T02:00:04Z", due_at: null, overdue: false, wait_seconds: 5, priority_class: 3, task };
}

export function slice(kind: string, name: string, more: Json = {}): Json {
  const field = { code: kind, name_zh: name, name_en: kind, kind, required: true, max_length: 40 };
  return {
    kind: "slice", slice_id: `slc_${kind}`, pass: 1, field, image_url: `/api/v1/archive/links/${kind}-${String(Math.random())}`, image_width: 600, image_height: 60,
    wider_allowed: false, business_type_name_zh: "支付申请书", business_type_name_en: "Payment order", seat_watermark: "A-17", ...more,
  };
}

const PAGES = ["pag_1", "pag_2"].map((page_id) => ({ page_id, kind: "voucher_front", image_url: `/api/v1/archive/links/${page_id}`, width: 1600, height: 1000 }));
const RECT = { x: 1000, y: 1000, w: 3000, h: 600 };

export function checkField(code: string, kind: string, state: string, more: Json = {}): Json {
  return { code, name_zh: code, name_en: code, kind, page_id: "pag_1", rect: RECT, state, required: true, ...more };
}

export function checkTask(no: string, fields: Json[], checks: Json[] = []): Json {
  return { kind: "check", item: item(no), pages: PAGES, fields, checks, reasons: REASONS };
}

export function reviewTask(no: string): Json {
  const proposal = { by: "checker", reason: { code: "R11", name_zh: "涂改", name_en: "Altered" }, note: "金额有涂改", at: "2026-11-23T02:00:00Z" };
  return { kind: "refusal_review", item: item(no), pages: PAGES, fields: [checkField("amount", "amount", "agreed", { value: "1.00" })], checks: [], proposal };
}

export function authorizeTask(no: string): Json {
  return {
    kind: "authorize", item: item(no), amount: { minor: "12875640", currency: "CNY" }, amount_capital: "壹拾贰万捌仟柒佰伍拾陆元肆角",
    required_because: { zh: "超过网点权限", en: "Above the outlet's limit" }, pages: PAGES, checks: [],
    fields: [checkField("payee", "name", "agreed", { value: "某公司" }), checkField("purpose", "text", "agreed", { value: "货款" })],
    checklist: [{ id: "c1", zh: "金额相符", en: "The amount agrees" }, { id: "c2", zh: "印章齐全", en: "Seals complete" }],
    account: { status: "active", name_match: "match" }, similar: [], similar_days: 7,
  };
}

/** One pixel; what the stations do with images is seen in their sizes. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/58BAAMBAQAY3Y2wAAAAAElFTkSuQmCC", "base64");

export class Dealer {
  calls: Call[] = [];
  heartbeats: Json[] = [];
  acknowledged: string[] = [];
  /** Answers for single calls, by the end of their path; each is used once. */
  answers = new Map<string, { status: number; body: Json; afterMs?: number }>();
  /** While true nothing gets through, as with a pulled cable. */
  cut = false;
  /** How long the stream takes to say hello. */
  helloAfterMs = 20;
  /** How long every answer takes, images too. */
  slowMs = 0;
  #socket: WebSocketRoute | null = null;
  #seq = 1;
  #held: Json[] = [];
  #waiting: Json[];
  #presence: Json = { state: "signed_out", since: "2026-11-23T02:00:00Z", queues: [], capacity: 1, missed: 0 };

  constructor(waiting: Json[]) {
    this.#waiting = waiting;
  }

  async serve(context: BrowserContext): Promise<void> {
    await context.routeWebSocket(/\/api\/v1\/work\/stream/, (socket) => this.#greet(socket));
    await context.route("**/api/v1/**", (route) => this.#answer(route));
  }

  /** The commands so far whose path ends so. */
  sent(end: string): Call[] {
    return this.calls.filter((call) => call.path.endsWith(end));
  }

  pullCable(): void {
    this.cut = true;
    void this.#socket?.close();
  }

  plugIn(): void {
    this.cut = false;
  }

  release(id: string, why: string): void {
    this.#held = this.#held.filter((held) => held["work_item_id"] !== id);
    this.#say({ type: "released", work_item_id: id, why });
  }

  /** What was in hand is done, and the person is left in peace for so many seconds. */
  wrapsUp(seconds: number): void {
    this.#presence = { ...this.#presence, state: "wrap_up", until: new Date(Date.now() + seconds * 1000).toISOString() };
    this.#say({ type: "presence", presence: this.#presence });
  }

  deal(...leases: Json[]): void {
    this.#waiting.push(...leases);
    this.#fill();
  }

  #greet(socket: WebSocketRoute): void {
    if (this.cut) return void socket.close();
    this.#socket = socket;
    socket.onMessage((text) => {
      const said = JSON.parse(String(text)) as Json;
      if (said["type"] === "ack") this.acknowledged.push(String(said["work_item_id"]));
      if (said["type"] !== "heartbeat" || this.cut) return;
      this.heartbeats.push(said);
      socket.send(JSON.stringify({ type: "pong", t: said["t"] }));
    });
    setTimeout(() => {
      socket.send(JSON.stringify({ seq: this.#seq, type: "hello", presence: this.#presence, leases: this.#held, resumed: false }));
      this.#fill();
    }, this.helloAfterMs);
  }

  #say(frame: Json): void {
    this.#seq += 1;
    this.#socket?.send(JSON.stringify({ seq: this.#seq, ...frame }));
  }

  #fill(): void {
    while (this.#presence["state"] === "ready" && this.#held.length < Number(this.#presence["capacity"])) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#held.push(next);
      this.#say({ type: "assigned", lease: next });
    }
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace("/api/v1", "");
    // There is a socket and no fallback.
    if (this.cut || path === "/work/events") return route.abort("connectionrefused");
    if (this.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, this.slowMs));
    if (path.startsWith("/archive/links/")) return route.fulfill({ contentType: "image/png", body: PIXEL });
    const text = request.postData();
    const body = (text === null || text === "" ? {} : JSON.parse(text)) as Json;
    if (request.method() !== "GET") this.calls.push({ method: request.method(), path, body, key: request.headers()["idempotency-key"] });
    const prepared = [...this.answers].find(([end]) => path.endsWith(end));
    if (prepared !== undefined) {
      this.answers.delete(prepared[0]);
      await new Promise((resolve) => setTimeout(resolve, prepared[1].afterMs ?? 0));
      if (prepared[1].status < 400) this.#done(path);
      return json(route, prepared[1].body, prepared[1].status);
    }
    if (path === "/identity/me") return json(route, ME);
    if (path === "/processing/reasons") return json(route, { items: REASONS, next: null });
    if (path === "/work/own-day") return json(route, { done: 12, by_half_hour: [] });
    if (path === "/work/presence/me") return this.#changePresence(route, body);
    if (path.startsWith("/archive/pages/")) return json(route, { url: "/api/v1/archive/links/again", expires_at: "2026-11-23T02:02:00Z" });
    this.#done(path);
    return json(route, {});
  }

  async #changePresence(route: Route, body: Json): Promise<void> {
    this.#presence = { ...this.#presence, until: null, ...body };
    await json(route, this.#presence);
    this.#say({ type: "presence", presence: this.#presence });
    this.#fill();
  }

  /** An act that was taken frees its place for the next work. */
  #done(path: string): void {
    const id = /\/(wi_[^/]+)\/(?!draft|image|wider)/.exec(path)?.[1];
    if (id === undefined) return;
    this.#held = this.#held.filter((held) => held["work_item_id"] !== id);
    setTimeout(() => this.#fill(), 10);
  }
}

function json(route: Route, body: Json, status = 200): Promise<void> {
  return route.fulfill({ status, contentType: status < 400 ? "application/json" : "application/problem+json", body: JSON.stringify(body) });
}

/** Takes part in a composition the way Chromium reports it: the Enter that chooses comes as 229. */
export async function composes(page: Page, text: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
  await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Process", code: "Enter", windowsVirtualKeyCode: 229 });
  await devtools.send("Input.insertText", { text });
  await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 });
  await devtools.detach();
}
