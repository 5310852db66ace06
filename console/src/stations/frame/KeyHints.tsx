// The keys of the moment, as many as fit in one line. Whoever listens instead of looking has the sheet of keys.

import { useEffect, useState } from "react";
import { chordLabel } from "@/keys/chord";
import { useKeyRegistry } from "@/keys/KeyRouterProvider";
import { IMAGE_FIELD, type Listed } from "@/keys/registry";
import { useLanguage } from "@/kit/language";

/** Keys of numbered choices say on the screen what they choose. */
const isNumbered = ({ binding }: Listed) => /\.\d+$/.test(binding.id);

function rankOf({ binding }: Listed): number {
  if (binding.inFields?.includes(IMAGE_FIELD) === true) return 2;
  return binding.commit === true ? 0 : 1;
}

/** Longer than the next piece of work takes to come, shorter than a look at the keys. */
const SETTLED_MS = 400;

export function KeyHints() {
  const registry = useKeyRegistry();
  const { language } = useLanguage();
  const [rows, setRows] = useState<readonly Listed[]>([]);
  useEffect(() => {
    const read = () => {
      const rows = registry.listed().filter((row) => row.scope !== "global" && !isNumbered(row));
      // What decides stands first, what moves the image last.
      setRows(rows.map((row, index) => ({ row, place: rankOf(row) * 100 + index })).sort((a, b) => a.place - b.place).map(({ row }) => row));
    };
    read();
    // Between two pieces of work the keys go and come back at once; hints that went with them would dance under the eyes.
    let settled: ReturnType<typeof setTimeout> | undefined;
    const leave = registry.subscribe(() => {
      clearTimeout(settled);
      settled = setTimeout(read, SETTLED_MS);
    });
    return () => {
      clearTimeout(settled);
      leave();
    };
  }, [registry]);
  // Other keys are another line, not the old one with its words pushed aside.
  return (
    <ul key={rows.map(({ binding }) => binding.id).join(" ")} className="st-hints" aria-hidden="true">
      {rows.map(({ binding, chords }) => (
        <li key={binding.id}>
          <kbd>{chordLabel(chords[0] ?? "", language)}</kbd> {binding.label}
        </li>
      ))}
    </ul>
  );
}
