// The keys of the moment, as many as fit in one line. Whoever listens instead of looking has the sheet of keys.

import { useEffect, useState } from "react";
import { chordLabel } from "@/keys/chord";
import { useKeyRegistry } from "@/keys/KeyRouterProvider";
import type { Listed } from "@/keys/registry";
import { useLanguage } from "@/kit/language";

/** Keys of numbered choices say on the screen what they choose. */
const isNumbered = ({ binding }: Listed) => /\.\d+$/.test(binding.id);

export function KeyHints() {
  const registry = useKeyRegistry();
  const { language } = useLanguage();
  const [rows, setRows] = useState<readonly Listed[]>([]);
  useEffect(() => {
    const read = () => setRows(registry.listed().filter((row) => row.scope !== "global" && !isNumbered(row)));
    read();
    return registry.subscribe(read);
  }, [registry]);
  return (
    <ul className="st-hints" aria-hidden="true">
      {rows.map(({ binding, chords }) => (
        <li key={binding.id}>
          <kbd>{chordLabel(chords[0] ?? "", language)}</kbd> {binding.label}
        </li>
      ))}
    </ul>
  );
}
