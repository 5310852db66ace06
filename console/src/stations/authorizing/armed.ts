// When an authorizer may approve: everything was on the screen, and everything on the list was ticked.
// The server asks the same again; this only says beforehand what is missing.

import type { AuthorizeTask } from "@/api/types";

export interface Looked {
  seen: ReadonlySet<string>;
  ticked: ReadonlySet<string>;
}

export const NOTHING_LOOKED: Looked = { seen: new Set(), ticked: new Set() };

export interface Missing {
  pages: readonly string[];
  items: readonly string[];
}

export function missing(task: Pick<AuthorizeTask, "pages" | "checklist">, looked: Looked): Missing {
  return {
    pages: task.pages.map((page) => page.page_id).filter((page) => !looked.seen.has(page)),
    items: task.checklist.map((item) => item.id).filter((item) => !looked.ticked.has(item)),
  };
}

export function isArmed({ pages, items }: Missing): boolean {
  return pages.length === 0 && items.length === 0;
}

export function see(looked: Looked, page: string): Looked {
  return looked.seen.has(page) ? looked : { ...looked, seen: new Set([...looked.seen, page]) };
}

/** Ticks an item, or takes the tick away. */
export function tick(looked: Looked, item: string): Looked {
  const ticked = new Set(looked.ticked);
  if (!ticked.delete(item)) ticked.add(item);
  return { ...looked, ticked };
}

/** How urgent the elapsed time looks: advisory, in thirds of the minute that an authorization should take. */
export function urgency(seconds: number): "calm" | "soon" | "late" | "over" {
  if (seconds < 30) return "calm";
  if (seconds < 45) return "soon";
  return seconds < 60 ? "late" : "over";
}
