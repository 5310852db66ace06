// The checker's settlement of the item in hand, with its draft on the server.

import { useEffect, useMemo, useRef, useState } from "react";
import type { CheckField, CheckTask, Lease } from "@/api/types";
import { later } from "@/stream/browser_ports";
import { keepCheckingDraft, type Cause } from "../work/api";
import { DraftKeeper } from "../work/draft";
import { accept, begin, confirm, mark, nextUnsettled, sorted, type, unsettled, type Settlement } from "./settle";

export interface Settling {
  open: readonly CheckField[];
  agreed: readonly CheckField[];
  settlement: Settlement;
  left: readonly CheckField[];
  active: CheckField | null;
  /** The checker has changed something on this item. */
  touched: boolean;
  go: (code: string) => void;
  step: (direction: 1 | -1) => void;
  accept: (index: number) => void;
  type: (value: string) => void;
  confirm: () => void;
  mark: (cause: Cause) => void;
  /** Nothing more is saved; the item is on its way. */
  close: () => void;
}

interface Kept {
  settlement: Settlement;
  active: string;
}

/** Items whose settlement stays in memory, so that one that comes back is as it was left. */
const REMEMBERED = 4;

export function useSettling(lease: Lease | null, task: CheckTask | null): Settling {
  const [kept, setKept] = useState<ReadonlyMap<string, Kept>>(new Map());
  const id = lease?.work_item_id ?? null;
  const { open, agreed } = useMemo(() => (task === null ? { open: [], agreed: [] } : sorted(task)), [task]);
  const start = useMemo<Kept>(() => (task === null ? { settlement: {}, active: "" } : begun(task, open)), [task, open]);
  const now = (id === null ? undefined : kept.get(id)) ?? start;
  const draft = useCheckingDraft(lease);

  const put = (next: Kept) => {
    if (id === null) return;
    setKept((all) => new Map([...[...all].filter(([other]) => other !== id).slice(1 - REMEMBERED), [id, next]]));
    if (next.settlement !== now.settlement) draft.note(next.settlement);
  };
  const fields = task?.fields ?? [];
  const active = fields.find((field) => field.code === now.active) ?? null;
  const settled = (settlement: Settlement, moves: boolean) =>
    put({ settlement, active: moves ? nextUnsettled(open, settlement, now.active, 1) : now.active });

  return {
    open,
    agreed,
    settlement: now.settlement,
    left: unsettled([...open, ...agreed], now.settlement),
    active,
    touched: now.settlement !== start.settlement,
    go: (code) => put({ ...now, active: code }),
    step: (direction) => put({ ...now, active: nextUnsettled(open, now.settlement, now.active, direction) }),
    accept: (index) => {
      if (active !== null && active.candidates?.[index] !== undefined) settled(accept(now.settlement, active, index), true);
    },
    type: (value) => settled(type(now.settlement, now.active, value), false),
    confirm: () => {
      if (active === null) return;
      const settlement = confirm(now.settlement, active);
      settled(settlement, settlement[active.code]?.confirmed === true);
    },
    mark: (cause) => settled(mark(now.settlement, now.active, cause), false),
    close: () => draft.close(),
  };
}

function begun(task: CheckTask, open: readonly CheckField[]): Kept {
  const settlement = begin(task);
  const first = open[0] ?? task.fields[0];
  return { settlement, active: unsettled(open, settlement)[0]?.code ?? first?.code ?? "" };
}

function useCheckingDraft(lease: Lease | null): DraftKeeper<Settlement> {
  const latest = useRef(lease);
  useEffect(() => {
    latest.current = lease;
  });
  const id = lease?.work_item_id ?? null;
  const keeper = useMemo(
    () =>
      new DraftKeeper<Settlement>((settled) => {
        const held = latest.current;
        return held === null || held.work_item_id !== id ? Promise.resolve() : keepCheckingDraft(held, { settled });
      }, later),
    [id],
  );
  useEffect(() => () => keeper.close(), [keeper]);
  return keeper;
}
