// What the work stream says, and how it is read. The same frames come over WebSocket and over server-sent events.

import type { NumberedFrame, Pong } from "@/api/types";

export type Frame = NumberedFrame | Pong;

/** Every type that the document names; a new one does not compile until it is here. */
const TYPES: Record<Frame["type"], true> = {
  hello: true,
  assigned: true,
  released: true,
  presence: true,
  message: true,
  item: true,
  board: true,
  pong: true,
};

/** Reads one frame; null for a kind that this console does not know yet, which an older console must survive. */
export function readFrame(text: string): Frame | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || !("type" in value)) throw new Error("a frame is an object with a type");
  if (typeof value.type !== "string" || !Object.hasOwn(TYPES, value.type)) return null;
  if (value.type !== "pong" && !("seq" in value && typeof value.seq === "number")) throw new Error("a frame carries its sequence number");
  // The type and the sequence number were checked; the rest is the server's contract.
  return value as Frame;
}

/** The number of a frame of unknown kind, so that it is not taken for a gap. */
export function sequenceOf(text: string): number | null {
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null && "seq" in value && typeof value.seq === "number" ? value.seq : null;
}
