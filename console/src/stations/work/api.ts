// The stations' calls: every act carries the lease's fence, so that an act on lost work is refused by the server, whoever holds it now.

import { command, type Intent } from "@/api/client";
import type { ChosenBreak, Lease, Presence, QueueName, Rect } from "@/api/types";

// Acts that may leave with the page, after a time of regret, are sent so that they outlive it (`keepalive`).

/** What identifies the hold on a work item in a call. */
export type Held = Pick<Lease, "work_item_id" | "fence">;

export const setPresence = (
  presence: { state: "ready" | "break" | "signed_out"; reason?: ChosenBreak; queues?: readonly QueueName[]; capacity?: number },
  intent: Intent,
) => command<Presence>("PUT", "/work/presence/me", presence, { intent });

export const handBack = (held: Held, reason_code: string, note: string, intent: Intent) =>
  command<undefined>("POST", `/work/items/${held.work_item_id}/hand-back`, { fence: held.fence, reason_code, ...noted(note) }, { intent });

const noted = (note: string) => (note.trim() === "" ? {} : { note: note.trim() });

// ---- keying

export interface Entry {
  value: string;
  unreadable: boolean;
  elapsed_ms: number;
  keystrokes: number;
}

const keying = (held: Held, act: string) => `/processing/keying/${held.work_item_id}/${act}`;

export const enter = (held: Held, entry: Entry, intent: Intent) =>
  command<{ accepted: true }>("POST", keying(held, "entry"), { fence: held.fence, ...entry }, { intent, keepalive: true });

export const keepKeyingDraft = (held: Held, text: string) => command<undefined>("PUT", keying(held, "draft"), { fence: held.fence, text });

export const widerSlice = (held: Held, intent: Intent) =>
  command<{ image_url: string }>("POST", keying(held, "wider"), { fence: held.fence }, { intent });

export const freshSlice = (held: Held, intent: Intent) =>
  command<{ image_url: string }>("POST", keying(held, "image"), { fence: held.fence }, { intent });

// ---- checking

export type Cause = "handwriting" | "image" | "template" | "rule";

export interface CheckedField {
  code: string;
  value: string;
  cause?: Cause;
}

export interface Box {
  page_id: string;
  rect: Rect;
}

const checking = (held: Held, act: string) => `/processing/checking/${held.work_item_id}/${act}`;

export const passCheck = (held: Held, fields: readonly CheckedField[], intent: Intent) =>
  command<{ item_state: string }>("POST", checking(held, "pass"), { fence: held.fence, fields }, { intent, keepalive: true });

/** How a checker sends an item out of the way. */
export type Rejection = "return" | "rescan" | "refuse" | "suspend";

export const rejectCheck = (
  held: Held,
  how: Rejection,
  { reason, note, boxes, pages }: { reason: string; note: string; boxes: readonly Box[]; pages: readonly string[] },
  intent: Intent,
) => {
  const body = { fence: held.fence, reason_code: reason, ...noted(note) };
  const pointing = boxes.length > 0 && (how === "return" || how === "rescan") ? { boxes } : {};
  return command<undefined>("POST", checking(held, how), { ...body, ...pointing, ...(how === "rescan" ? { pages } : {}) }, { intent, keepalive: true });
};

export const keepCheckingDraft = (held: Held, draft: unknown) =>
  command<undefined>("PUT", checking(held, "draft"), { fence: held.fence, draft });

// ---- refusal review

export const upholdRefusal = (held: Held, intent: Intent) =>
  command<undefined>("POST", `/processing/refusal-review/${held.work_item_id}/uphold`, { fence: held.fence }, { intent, keepalive: true });

export const overturnRefusal = (held: Held, note: string, intent: Intent) =>
  command<undefined>("POST", `/processing/refusal-review/${held.work_item_id}/overturn`, { fence: held.fence, note: note.trim() }, { intent, keepalive: true });

// ---- authorizing

const authorizing = (held: Held, act: string) => `/processing/authorizing/${held.work_item_id}/${act}`;

/** `displayed` are the pages that were on the screen, not those that were only fetched ahead. */
export const approve = (held: Held, checklist: readonly string[], displayed: readonly string[], intent: Intent) =>
  command<undefined>("POST", authorizing(held, "approve"), { fence: held.fence, checklist, displayed_pages: displayed }, { intent });

export const refuseAuthorization = (held: Held, how: "refuse" | "send-back", reason: string, note: string, box: Box | null, intent: Intent) =>
  command<undefined>(
    "POST",
    authorizing(held, how),
    { fence: held.fence, reason_code: reason, ...noted(note), ...(box === null || how === "send-back" ? {} : { box }) },
    { intent },
  );
