// The sheet of keys: what every key does right now, by scope.

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { chordLabel } from "./chord";
import { SCOPES, type KeyRegistry } from "./registry";
import "./keys.css";

const HEADINGS = {
  field: { zh: "在输入框或影像上", en: "In the field or on the image" },
  dialog: { zh: "在对话框", en: "In the dialog" },
  page: { zh: "在本页面", en: "On this page" },
  global: { zh: "任何地方", en: "Anywhere" },
} as const;

interface Props {
  registry: KeyRegistry;
  onClose: () => void;
}

export function KeySheet({ registry, onClose }: Props) {
  const language = useTranslation().i18n.language.startsWith("zh") ? "zh" : "en";
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
        { id: "keys.sheet.close", label: { zh: "关闭", en: "Close" }, keys: ["Escape"], run: onClose },
      ]),
    [registry, onClose],
  );

  const title = language === "zh" ? "快捷键" : "Keys";
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
          {language === "zh" ? "关闭 (Esc)" : "Close (Esc)"}
        </button>
      </header>
      <div className="keys-sheet-columns">
        {[...SCOPES].reverse().map((scope) => {
          const own = rows.filter((row) => row.scope === scope);
          if (own.length === 0) return null;
          return (
            <section key={scope}>
              <h3>{HEADINGS[scope][language]}</h3>
              <dl>
                {own.map(({ binding, chords }) => (
                  <div key={binding.id}>
                    <dt>{chords.map((chord) => <kbd key={chord}>{chordLabel(chord, language)}</kbd>)}</dt>
                    <dd>{binding.label[language]}</dd>
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
