// A world for the stream's tests: time stands still until it is told to pass, connections open and close by hand.

import type { Lease, Presence } from "@/api/types";
import { WorkStream, type Beat, type ConnectionHandlers, type Shown, type StreamEvent } from "./client";

export interface FakeConnection extends ConnectionHandlers {
  kind: "socket" | "events";
  query: string;
  sent: string[];
  closed: boolean;
}

export class StreamWorld {
  connections: FakeConnection[] = [];
  events: StreamEvent[] = [];
  beats: boolean[] = [];
  /** What each heartbeat by POST said to be on the screen. */
  shown: (readonly Shown[])[] = [];
  alive = true;
  asked = 0;
  answer: () => Promise<Beat> = () => Promise.resolve({ leases: [] });
  active = true;
  time = 0;
  #waiting: { at: number; run: () => void }[] = [];
  #beat: (() => void) | null = null;

  stream = new WorkStream({
    openSocket: (query, handlers) => this.#open("socket", query, handlers),
    openEvents: (query, handlers) => this.#open("events", query, handlers),
    postHeartbeat: (active, shown) => {
      this.beats.push(active);
      this.shown.push(shown);
      return this.answer();
    },
    sessionAlive: () => {
      this.asked += 1;
      return Promise.resolve(this.alive);
    },
    onBeat: (run) => {
      this.#beat = run;
      return () => {
        this.#beat = null;
      };
    },
    later: (ms, run) => {
      const entry = { at: this.time + ms, run };
      this.#waiting.push(entry);
      return () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
      };
    },
    now: () => this.time,
    random: () => 1,
    active: () => this.active,
  });

  constructor() {
    this.stream.onEvent((event) => this.events.push(event));
  }

  #open(kind: "socket" | "events", query: string, handlers: ConnectionHandlers) {
    const connection: FakeConnection = { ...handlers, kind, query, sent: [], closed: false };
    this.connections.push(connection);
    return {
      close: () => {
        connection.closed = true;
      },
      ...(kind === "socket" ? { send: (text: string) => connection.sent.push(text) } : {}),
    };
  }

  /** The connection opened last. */
  get last(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error("nothing was opened yet");
    return connection;
  }

  says(frame: object, connection = this.last): void {
    connection.onText(JSON.stringify(frame));
  }

  /** Lets time pass second by second, with a heartbeat each. */
  async passes(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.time += 1000;
      for (const entry of this.#waiting.filter((waiting) => waiting.at <= this.time)) {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        entry.run();
      }
      this.#beat?.();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
}

export const PRESENCE: Presence = { state: "ready", since: "2026-11-23T01:00:00Z", queues: ["keying"], capacity: 3, missed: 0 };

export function lease(id: string, fence = 1): Lease {
  return {
    work_item_id: id, queue: "keying", fence, expires_at: "2026-11-23T01:00:04Z", due_at: "2026-11-23T01:30:00Z", overdue: false, wait_seconds: 3, priority_class: 5,
    task: {
      kind: "slice", slice_id: `slc_${id}`, pass: 1, image_url: `/api/v1/archive/links/${id}`, image_width: 900, image_height: 90, wider_allowed: false,
      field: { code: "amount", name_zh: "金额", name_en: "Amount", kind: "amount", required: true, max_length: 18 },
      business_type_name_zh: "支付结算", business_type_name_en: "Payment order", seat_watermark: "S-1 620001 2026-11-23 09:00",
    },
  };
}

export function hello(seq: number, leases: Lease[], resumed = false) {
  return { seq, type: "hello", presence: PRESENCE, leases, resumed };
}
