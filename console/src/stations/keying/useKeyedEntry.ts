// The entry of the slice in hand: text, echo, doubts, drafts, and its way out.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { FieldKind, Lease, SliceTask } from "@/api/types";
import { later } from "@/stream/browser_ports";
import { readEntry, type EntryDoubt, type EntryFault, type Reading } from "../entry/entry";
import { isFigures, repairWidth } from "../entry/figures";
import { enter, keepKeyingDraft } from "../work/api";
import type { Desk } from "../work/desk";
import { DraftKeeper } from "../work/draft";
import { EntryClock } from "./clock";

export interface KeyedEntry {
  text: string;
  reading: Reading | null;
  /** What keeps the entry from going out: shown after a confirmation was tried. */
  held: { fault: EntryFault | null; doubt: EntryDoubt | null } | null;
  /** Full-width characters repaired since the station was opened. */
  repaired: number;
  type: (typed: string, composing: boolean) => void;
  pressed: () => void;
  shown: () => void;
  confirm: () => void;
  unreadable: () => void;
  /** Fills in the former value of the same kind; false when there is none. */
  same: () => boolean;
}

export function useKeyedEntry(desk: Desk, lease: Lease | null, task: SliceTask | null): KeyedEntry {
  const [texts, setTexts] = useState<ReadonlyMap<string, string>>(new Map());
  const [repaired, setRepaired] = useState(0);
  const [held, setHeld] = useState<(KeyedEntry["held"] & { of: string; text: string }) | null>(null);
  const former = useRef(new Map<FieldKind, string>());
  const clock = useMemo(() => new EntryClock(), []);
  const id = lease?.work_item_id ?? null;
  const text = id === null ? "" : (texts.get(id) ?? task?.draft ?? "");
  const reading = task === null ? null : readEntry(task.field, text);
  const draft = useDraft(lease);

  useEffect(() => clock.reset(), [clock, id]);

  const put = useCallback(
    (value: string) => {
      if (id === null) return;
      setTexts((all) => remembering(all, id, value));
      draft.note(value);
    },
    [id, draft],
  );

  const send = (value: string, unreadable: boolean) => {
    if (task === null) return;
    const timing = clock.read(performance.now());
    draft.close();
    if (!unreadable) former.current.set(task.field.kind, text);
    // The text stays with the work until it is gone for good, in case it comes back.
    desk.commit((current, intent) => enter(current, { value, unreadable, ...timing }, intent), { regret: true });
    setHeld(null);
  };

  const confirm = () => {
    if (reading === null || id === null) return;
    const askedBefore = held?.of === id && held.text === text && held.doubt !== null;
    if (reading.fault !== null || (reading.doubt !== null && !askedBefore)) {
      setHeld({ of: id, text, fault: reading.fault, doubt: reading.doubt });
      return;
    }
    send(reading.value, false);
  };

  return {
    text,
    reading,
    held: held !== null && held.of === id && held.text === text ? held : null,
    repaired,
    type: (typed, composing) => {
      const repair = task !== null && isFigures(task.field.kind) && !composing ? repairWidth(typed) : { text: typed, repaired: 0 };
      if (repair.repaired > 0) setRepaired((count) => count + repair.repaired);
      put(repair.text);
    },
    pressed: () => clock.pressed(),
    shown: useCallback(() => clock.shown(performance.now()), [clock]),
    confirm,
    unreadable: () => send("", true),
    same: () => {
      const value = task === null ? undefined : former.current.get(task.field.kind);
      if (value === undefined) return false;
      put(value);
      return true;
    },
  };
}

/** More pieces of work than a station can have in hand, behind and under way together. */
const REMEMBERED = 8;

/** The texts with one more; the oldest is forgotten, because texts are personal data and stay no longer than they are needed. */
function remembering(texts: ReadonlyMap<string, string>, id: string, text: string): ReadonlyMap<string, string> {
  const kept = [...texts].filter(([other]) => other !== id).slice(1 - REMEMBERED);
  return new Map([...kept, [id, text]]);
}

/** Saves the text of the work in hand; another piece of work has its own keeper. */
function useDraft(lease: Lease | null): DraftKeeper<string> {
  const latest = useRef(lease);
  useEffect(() => {
    latest.current = lease;
  });
  const id = lease?.work_item_id ?? null;
  const keeper = useMemo(
    () =>
      new DraftKeeper<string>((text) => {
        const held = latest.current;
        return held === null || held.work_item_id !== id ? Promise.resolve() : keepKeyingDraft(held, text);
      }, later),
    [id],
  );
  useEffect(() => () => keeper.close(), [keeper]);
  return keeper;
}
