// The sheet of keys: what every key does right now, by scope.

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/kit/language";
import { chordLabel, misspelled, reserved } from "./chord";
import { IMAGE_FIELD, KeyConflict, type Binding, type KeyProfile, type KeyRegistry, type Listed, type Scope } from "./registry";
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
  const [listed] = useState(() => registry.listed());
  const [chosen, setChosen] = useState(registry.profile.keys);
  const rows = listed.map((row) => ({ ...row, chords: chosen[row.binding.id] ?? row.binding.keys }));
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
        {registry.isSetAside && <p role="status">{t("keys.setAside")}</p>}
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
                    {registry.save !== null && part !== "dialog" && (
                      <dd className="keys-sheet-own">
                        <Change registry={registry} binding={binding} isOwn={chosen[binding.id] !== undefined} onChanged={setChosen} />
                      </dd>
                    )}
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

interface ChangeProps {
  registry: KeyRegistry;
  binding: Binding;
  /** Whether the person chose its key. */
  isOwn: boolean;
  onChanged: (keys: KeyProfile["keys"]) => void;
}

/** Takes the next keystroke as the binding's own key, and keeps it. */
function Change({ registry, binding, isOwn, onChanged }: ChangeProps) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const button = useRef<HTMLButtonElement>(null);
  const [state, setState] = useState<{ asking: boolean; fault: string | null }>({ asking: false, fault: null });

  async function keep(keys: KeyProfile["keys"]) {
    const before = registry.profile;
    const profile: KeyProfile = { version: 1, keys };
    try {
      registry.applyProfile(profile);
    } catch (error) {
      registry.applyProfile(before);
      if (!(error instanceof KeyConflict)) throw error;
      const other = error.one.id === binding.id ? error.another : error.one;
      setState({ asking: false, fault: t("keys.taken", { key: chordLabel(error.chord, language), other: other.label }) });
      return;
    }
    try {
      await registry.save?.(profile);
    } catch {
      registry.applyProfile(before);
      setState({ asking: false, fault: t("keys.notKept") });
      return;
    }
    setState({ asking: false, fault: null });
    onChanged(keys);
    // The button that was pressed may be gone; the focus stays in its row.
    button.current?.focus();
  }

  const takeBack = useRef<() => void>(undefined);
  useEffect(() => () => takeBack.current?.(), []);
  // While a key is asked for there is no button; afterwards the focus is where it was.
  const asked = useRef(false);
  useLayoutEffect(() => {
    if (asked.current && !state.asking) button.current?.focus();
    asked.current = state.asking;
  }, [state.asking]);

  function ask() {
    setState({ asking: true, fault: null });
    takeBack.current = registry.askForKey((chord) => {
      const fits = misspelled(chord) === null && reserved(chord) === null;
      setState({ asking: false, fault: fits || chord === "Escape" ? null : t("keys.reserved", { key: chordLabel(chord, language) }) });
      if (chord !== "Escape" && fits) void keep({ ...registry.profile.keys, [binding.id]: [chord] });
    });
  }

  if (state.asking) return <span role="status">{t("keys.press")}</span>;
  const others = Object.fromEntries(Object.entries(registry.profile.keys).filter(([id]) => id !== binding.id));
  return (
    <span className="keys-sheet-change">
      {state.fault !== null && <span role="alert">{state.fault}</span>}
      <button ref={button} type="button" aria-label={t("keys.changeOf", { key: binding.label })} onClick={ask}>
        {t("keys.change")}
      </button>
      {isOwn && (
        <button type="button" aria-label={t("keys.standardOf", { key: binding.label })} onClick={() => void keep(others)}>
          {t("keys.standard")}
        </button>
      )}
    </span>
  );
}
