// What the work stream says, and how it is read. The same frames come over WebSocket and over server-sent events.

import type { Lease, Presence } from "@/api/types";

export type Frame =
  | { seq: number; type: "hello"; presence: Presence; leases: Lease[]; resumed: boolean }
  | { seq: number; type: "assigned"; lease: Lease }
  | { seq: number; type: "released"; work_item_id: string; why: string }
  | { seq: number; type: "presence"; presence: Presence }
  | { seq: number; type: "message"; text_zh: string; text_en: string; from: string }
  | { seq: number; type: "item"; item_id: string; state: string; stage: string; version: number; reason?: unknown }
  | { seq: number; type: "board" }
  | { type: "pong"; t: number };

const TYPES = new Set(["hello", "assigned", "released", "presence", "message", "item", "board", "pong"]);

/** Reads one frame; null for a kind that this console does not know yet, which an older console must survive. */
export function readFrame(text: string): Frame | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || !("type" in value)) throw new Error("a frame is an object with a type");
  if (typeof value.type !== "string" || !TYPES.has(value.type)) return null;
  if (value.type !== "pong" && !("seq" in value && typeof value.seq === "number")) throw new Error("a frame carries its sequence number");
  // The type and the sequence number were checked; the rest is the server's contract.
  return value as Frame;
}

/** The number of a frame of unknown kind, so that it is not taken for a gap. */
export function sequenceOf(text: string): number | null {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null && "seq" in value && typeof value.seq === "number" ? value.seq : null;
}
