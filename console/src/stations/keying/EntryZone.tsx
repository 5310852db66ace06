// The one field, its name above, its echo below. Every line has its place whether it says something or not.

import { useEffect, useRef, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { SliceTask } from "@/api/types";
import { useLanguage } from "@/kit/language";
import { inputAttributes } from "../entry/entry";
import { keepFocus } from "../frame/focus";
import type { KeyedEntry } from "./useKeyedEntry";

export const KEYING_FIELD = "keying.value";

interface Props {
  task: SliceTask | null;
  workItemId: string | null;
  entry: KeyedEntry;
  /** A sentence from outside the field, such as why F2 does nothing. */
  hint: string | null;
  acts: readonly { label: string; keys: string; run: () => void; disabled?: string | undefined }[];
  input: RefObject<HTMLInputElement | null>;
  onNumLock: (off: boolean) => void;
}

export function EntryZone({ task, workItemId, entry, hint, acts, input, onNumLock }: Props) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const composing = useRef(false);
  useEffect(() => {
    composing.current = false;
    if (workItemId === null) return;
    const field = input.current;
    field?.focus();
    // Behind a draft one goes on typing.
    field?.setSelectionRange(field.value.length, field.value.length);
  }, [workItemId, input]);

  const field = task?.field ?? null;
  const message = useMessage(entry, task);
  const faulty = entry.held !== null && entry.held.fault !== null;
  return (
    <section className="key-entry" data-work={workItemId ?? ""} aria-label={field === null ? t("keying.placeholder") : nameOf(field)}>
      <div className="key-name">
        <label htmlFor="keying-value">{field === null ? "" : nameOf(field)}</label>
        {field !== null && task !== null && (
          <>
            <span key={field.kind} className="st-chip">{t(`keying.kind.${field.kind}`)}</span>
            <span className="st-chip">{t(`keying.pass.${task.pass}`)}</span>
            <span className="st-faint">{field.required ? "" : t("keying.optional")}</span>
          </>
        )}
      </div>
      <input
        id="keying-value"
        ref={input}
        data-keys-field={KEYING_FIELD}
        className="key-input"
        value={entry.text}
        placeholder={t("keying.placeholder")}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        aria-invalid={faulty}
        aria-describedby="keying-message keying-echo"
        {...inputAttributes(field?.kind ?? "text")}
        onChange={(event) => entry.type(event.target.value, composing.current)}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          entry.type(event.currentTarget.value, false);
        }}
        onKeyDown={(event) => {
          if (!event.repeat && !["Shift", "Control", "Alt", "Meta"].includes(event.key)) entry.pressed();
          onNumLock(event.code.startsWith("Numpad") && /^Numpad\d$/.test(event.code) && !event.getModifierState("NumLock"));
        }}
      />
      <div id="keying-echo" className="key-echo">
        {(entry.reading?.fault === null ? entry.reading.echo : []).map((line, index) => (
          <span key={index}>{line}</span>
        ))}
      </div>
      <p id="keying-message" className={faulty ? "key-message st-bad" : "key-message st-warn"} role="status">
        {message ?? hint ?? ""}
      </p>
      <ul className="key-acts">
        {acts.map((act) => (
          <li key={act.label}>
            <button
              type="button"
              tabIndex={-1}
              aria-disabled={act.disabled !== undefined}
              title={act.disabled}
              onMouseDown={keepFocus}
              onClick={() => {
                if (act.disabled === undefined) act.run();
              }}
            >
              {act.label} <kbd>{act.keys}</kbd>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function useMessage(entry: KeyedEntry, task: SliceTask | null): string | null {
  const { t } = useTranslation();
  if (entry.held === null) return null;
  if (entry.held.fault !== null) return t(`keying.fault.${entry.held.fault}`, { count: task?.field.max_length ?? 0 });
  return entry.held.doubt === null ? null : t(`keying.doubt.${entry.held.doubt}`);
}
