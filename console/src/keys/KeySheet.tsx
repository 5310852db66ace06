// The sheet of keys: what every key does right now, by scope.

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { chordLabel, misspelled, reserved } from "./chord";
import { SCOPES, type Binding, type KeyProfile, type KeyRegistry } from "./registry";
import "./keys.css";

const HEADINGS = {
  field: { zh: "在输入框或影像上", en: "In the field or on the image" },
  dialog: { zh: "在对话框", en: "In the dialog" },
  page: { zh: "在本页面", en: "On this page" },
  global: { zh: "任何地方", en: "Anywhere" },
} as const;

const WORDS = {
  change: { zh: "改键", en: "Change" },
  standard: { zh: "恢复", en: "Standard" },
  press: { zh: "请按新键（Esc 取消）", en: "Press the new key (Esc leaves it)" },
  notAKey: { zh: "该键不可用：", en: "That key cannot be used: " },
  notKept: { zh: "未能保存，请重试", en: "It could not be kept; try again" },
  setAside: {
    zh: "您自选的键在本页面有冲突，现用标准键。请重新选择。",
    en: "The keys that you chose meet on this page, so the standard ones hold. Choose again.",
  },
} as const;

interface Props {
  registry: KeyRegistry;
  onClose: () => void;
}

export function KeySheet({ registry, onClose }: Props) {
  const language = useTranslation().i18n.language.startsWith("zh") ? "zh" : "en";
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
        {registry.isSetAside && <p role="status">{WORDS.setAside[language]}</p>}
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
                    {registry.save !== null && scope !== "dialog" && (
                      <Change
                        registry={registry}
                        binding={binding}
                        language={language}
                        isOwn={chosen[binding.id] !== undefined}
                        onChanged={setChosen}
                      />
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
  language: "zh" | "en";
  /** Whether the person chose its key. */
  isOwn: boolean;
  onChanged: (keys: KeyProfile["keys"]) => void;
}

/** Takes the next keystroke as the binding's own key, and keeps it. */
function Change({ registry, binding, language, isOwn, onChanged }: ChangeProps) {
  const [state, setState] = useState<{ asking: boolean; fault: string | null }>({ asking: false, fault: null });

  async function keep(keys: KeyProfile["keys"]) {
    const before = registry.profile;
    const profile: KeyProfile = { version: 1, keys };
    try {
      registry.applyProfile(profile);
    } catch (error) {
      registry.applyProfile(before);
      setState({ asking: false, fault: error instanceof Error ? `${WORDS.notAKey[language]}${error.message}` : WORDS.notKept[language] });
      return;
    }
    try {
      await registry.save?.(profile);
    } catch {
      registry.applyProfile(before);
      setState({ asking: false, fault: WORDS.notKept[language] });
      return;
    }
    setState({ asking: false, fault: null });
    onChanged(keys);
  }

  const takeBack = useRef<() => void>(undefined);
  useEffect(() => () => takeBack.current?.(), []);

  function ask() {
    setState({ asking: true, fault: null });
    takeBack.current = registry.askForKey((chord) => {
      const fault = chord === "Escape" ? null : (misspelled(chord) ?? reserved(chord));
      setState({ asking: false, fault: fault === null ? null : `${WORDS.notAKey[language]}${fault}` });
      if (chord !== "Escape" && fault === null) void keep({ ...registry.profile.keys, [binding.id]: [chord] });
    });
  }

  if (state.asking) return <span role="status">{WORDS.press[language]}</span>;
  const others = Object.fromEntries(Object.entries(registry.profile.keys).filter(([id]) => id !== binding.id));
  return (
    <span className="keys-sheet-change">
      {state.fault !== null && <span role="alert">{state.fault}</span>}
      <button type="button" aria-label={`${WORDS.change[language]} ${binding.label[language]}`} onClick={ask}>
        {WORDS.change[language]}
      </button>
      {isOwn && (
        <button type="button" aria-label={`${WORDS.standard[language]} ${binding.label[language]}`} onClick={() => void keep(others)}>
          {WORDS.standard[language]}
        </button>
      )}
    </span>
  );
}
