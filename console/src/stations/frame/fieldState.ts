// What is said of a field's state. The wire calls every field open that no keyer has settled, also one that is never keyed, such as a payment code.

import type { CheckField, CheckFieldState } from "@/api/types";

export type ShownState = CheckFieldState | "open" | "settled_by_checker";

/** Keyed differently is what can be shown to be so: without readings the field is open, or the checker has settled it. */
export function shownState({ state, candidates, value }: Pick<CheckField, "state" | "candidates" | "value">): ShownState {
  if (state !== "unsettled" || (candidates ?? []).length > 0) return state;
  return (value ?? "") === "" ? "open" : "settled_by_checker";
}
