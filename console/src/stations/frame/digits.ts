// Bindings for choosing by digit, on the main row and on the keypad alike.

import type { Binding } from "@/keys/registry";

/** One binding per digit from 1 to `count`, nine at most; `choose` gets the index from 0, `label` the digit. */
export function digitKeys(id: string, count: number, choose: (index: number) => void, label: (no: number) => string): Binding[] {
  return Array.from({ length: Math.min(9, count) }, (_, index) => ({
    id: `${id}.${String(index + 1)}`,
    label: label(index + 1),
    keys: [`Digit${String(index + 1)}`, `Numpad${String(index + 1)}`],
    run: () => choose(index),
  }));
}
