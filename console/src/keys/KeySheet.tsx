// The sheet of keys: what every key does right now, by scope.

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/kit/language";
import { chordLabel } from "./chord";
import { IMAGE_FIELD, type KeyRegistry, type Listed, type Scope } from "./registry";
import "./keys.css";

type Part = Scope | "image";

/** What one does all day first. */
const PARTS: readonly Part[] = ["field", "dialog", "page", "image", "global"];

/** The same arrow does one thing in a field and another on the image, so they are listed apart. */
function partOf({ scope, binding }: Listed): Part {
  return scope === "field" && binding.inFields?.every((field) => field === IMAGE_FIELD) === true ? "image" : scope;
}

interface Props {
  registry: KeyRegistry;
  onClose: () => void;
}

export function KeySheet({ registry, onClose }: Props) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  // Listed before the sheet's own layer silences the page it describes.
  const [rows] = useState(() => registry.listed());
  const dialog = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    // The browser's own dialog, so that the sheet stands above other dialogs as well.
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(
    () =>
      registry.register("dialog", [
        { id: "keys.sheet.close", label: t("key.keys.sheet.close"), keys: ["Escape"], run: onClose },
      ]),
    [registry, onClose, t],
  );

  const title = t("station.keys");
  return (
    <dialog
      ref={dialog}
      className="keys-sheet"
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" onClick={onClose}>
          {t("keys.close")}
        </button>
      </header>
      <div className="keys-sheet-columns">
        {PARTS.map((part) => {
          const own = rows.filter((row) => partOf(row) === part);
          if (own.length === 0) return null;
          return (
            <section key={part}>
              <h3>{t(`keys.part.${part}`)}</h3>
              <dl>
                {own.map(({ binding, chords }) => (
                  <div key={binding.id}>
                    <dt>{chords.map((chord) => <kbd key={chord}>{chordLabel(chord, language)}</kbd>)}</dt>
                    <dd>{binding.label}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </dialog>
  );
}
