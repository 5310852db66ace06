// What a checker has settled: pure, so that every key does one thing that a table can show.
//
// Invariants: a field that two keyers or a rule disagree about is settled only by the checker's own act, also where a third keyer has decided;
// what was keyed alike is taken as it is and stays changeable.

import type { CheckField, CheckTask } from "@/api/types";
import type { Cause, CheckedField } from "../work/api";

export interface Settled {
  value: string;
  /** The checker has looked and said so. */
  confirmed: boolean;
  cause: Cause | null;
}

export type Settlement = Readonly<Record<string, Settled>>;

/** Rules that failed and name the field. */
export function failedRules(task: Pick<CheckTask, "checks">, code: string) {
  return task.checks.filter((check) => check.outcome === "failed" && check.fields.includes(code));
}

const RANK = { unsettled: 0, failed_rule: 1, settled_by_third: 2, single: 3, agreed: 4 } as const;

/** The fields to look at, differences first; the others are agreed. */
export function sorted(task: Pick<CheckTask, "fields" | "checks">): { open: CheckField[]; agreed: CheckField[] } {
  const mustLook = (field: CheckField) => RANK[field.state] < RANK.agreed || failedRules(task, field.code).length > 0;
  const open = task.fields.filter(mustLook);
  const rank = (field: CheckField) => Math.min(RANK[field.state], failedRules(task, field.code).length > 0 ? RANK.failed_rule : RANK.agreed);
  return { open: open.sort((a, b) => rank(a) - rank(b)), agreed: task.fields.filter((field) => !open.includes(field)) };
}

/** Where a checker begins: what was keyed alike is taken, what one person or a third decided is proposed, what differs is empty. */
export function begin(task: Pick<CheckTask, "fields" | "checks" | "draft">): Settlement {
  const { agreed } = sorted(task);
  const fresh = Object.fromEntries(
    task.fields.map((field) => [field.code, { value: proposed(field), confirmed: agreed.includes(field), cause: null }]),
  );
  return { ...fresh, ...readDraft(task.draft, task.fields) };
}

/** Never one of several readings: which one is right is what the checker is there for. */
function proposed(field: CheckField): string {
  if (typeof field.value === "string") return field.value;
  const readings = new Set((field.candidates ?? []).map((candidate) => candidate.value));
  return readings.size === 1 && field.state !== "unsettled" ? ([...readings][0] ?? "") : "";
}

/** What was saved before a crash; anything that is not of this shape is left out. */
function readDraft(draft: unknown, fields: readonly CheckField[]): Record<string, Settled> {
  if (typeof draft !== "object" || draft === null || !("settled" in draft)) return {};
  const { settled } = draft;
  if (typeof settled !== "object" || settled === null) return {};
  const read: Record<string, Settled> = {};
  for (const { code } of fields) {
    const kept: unknown = (settled as Record<string, unknown>)[code];
    if (typeof kept !== "object" || kept === null || !("value" in kept) || typeof kept.value !== "string") continue;
    const cause = "cause" in kept && typeof kept.cause === "string" && isCause(kept.cause) ? kept.cause : null;
    read[code] = { value: kept.value, confirmed: "confirmed" in kept && kept.confirmed === true, cause };
  }
  return read;
}

export const CAUSES: readonly Cause[] = ["handwriting", "image", "template", "rule"];
const isCause = (text: string): text is Cause => CAUSES.some((cause) => cause === text);

const changed = (settlement: Settlement, code: string, change: Partial<Settled>): Settlement => {
  const before = settlement[code];
  return before === undefined ? settlement : { ...settlement, [code]: { ...before, ...change } };
};

/** Takes candidate A (0), B (1) or C (2); an absent one changes nothing. */
export function accept(settlement: Settlement, field: CheckField, index: number): Settlement {
  const candidate = field.candidates?.[index];
  return candidate === undefined ? settlement : changed(settlement, field.code, { value: candidate.value, confirmed: true });
}

/** Typing settles a field with what is typed; emptying it opens it again. */
export function type(settlement: Settlement, code: string, value: string): Settlement {
  return changed(settlement, code, { value, confirmed: value.trim() !== "" });
}

/** Enter: what stands there is right. An empty required field stays open. */
export function confirm(settlement: Settlement, field: CheckField): Settlement {
  const value = settlement[field.code]?.value ?? "";
  return changed(settlement, field.code, { confirmed: value.trim() !== "" || !field.required });
}

/** Marks why it was wrong; the same mark again takes it away. */
export function mark(settlement: Settlement, code: string, cause: Cause): Settlement {
  return changed(settlement, code, { cause: settlement[code]?.cause === cause ? null : cause });
}

export function unsettled(fields: readonly CheckField[], settlement: Settlement): CheckField[] {
  return fields.filter((field) => settlement[field.code]?.confirmed !== true);
}

/** The next field that still asks for a look, in the given direction and around the end; the present one when none is left. */
export function nextUnsettled(open: readonly CheckField[], settlement: Settlement, from: string, direction: 1 | -1): string {
  const at = open.findIndex((field) => field.code === from);
  for (let step = 1; step <= open.length; step += 1) {
    const field = open[(at + direction * step + open.length * 2) % open.length];
    if (field !== undefined && settlement[field.code]?.confirmed !== true) return field.code;
  }
  return from;
}

/** What goes out with a pass: every field that has a value, with its cause where one was marked. */
export function passed(fields: readonly CheckField[], settlement: Settlement): CheckedField[] {
  return fields.flatMap(({ code }) => {
    const settled = settlement[code];
    if (settled === undefined || settled.value.trim() === "") return [];
    return [{ code, value: settled.value.trim(), ...(settled.cause === null ? {} : { cause: settled.cause }) }];
  });
}
