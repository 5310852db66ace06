// The field that is worked on: what was keyed, where it differs, what the image shows, and the checker's word.

import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CheckField, CheckTask, TaskPage } from "@/api/types";
import { chordLabel } from "@/keys/chord";
import { useLanguage } from "@/kit/language";
import { differences, type Piece } from "../entry/diff";
import { inputAttributes, readEntry } from "../entry/entry";
import { isFigures, repairWidth } from "../entry/figures";
import { shownState } from "../frame/fieldState";
import { keepFocus } from "../frame/focus";
import type { Shelved } from "../work/image_shelf";
import { CAUSES, failedRules, type Settled } from "./settle";
import { Snippet } from "./Snippet";
import type { Settling } from "./useSettling";

export const CHECKING_FIELD = "checking.value";
export const CANDIDATE_KEYS = ["F2", "F4", "F9"] as const;
const LETTERS = ["A", "B", "C"] as const;

interface Props {
  workItemId: string | null;
  task: CheckTask | null;
  field: CheckField | null;
  settled: Settled | null;
  settling: Settling;
  page: TaskPage | null;
  shelved: Shelved;
}

export function FieldEditor({ workItemId, task, field, settled, settling, page, shelved }: Props) {
  const { t } = useTranslation();
  const { nameOf, textOf } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  const composing = useRef(false);
  const code = field?.code ?? null;
  useEffect(() => {
    composing.current = false;
    input.current?.focus();
    input.current?.select();
  }, [workItemId, code]);

  const value = settled?.value ?? "";
  const echo = field === null ? [] : readEntry({ kind: field.kind, required: field.required, max_length: 1000 }, value).echo;
  const name = field === null ? "" : nameOf(field);
  return (
    <section className="chk-editor" aria-label={name}>
      <div className="chk-name">
        <h2>{name}</h2>
        {field !== null && <span className={`st-chip ${field.state === "agreed" ? "" : "st-chip-warn"}`}>{t(`checking.state.${shownState(field)}`)}</span>}
        {field?.required === true && <span className="st-faint">{t("checking.required")}</span>}
      </div>
      <Snippet shelved={shelved} page={page} rect={field?.rect ?? null} label={name} />
      <Candidates field={field} settling={settling} value={value} />
      <label className="chk-value">
        <span>{t("checking.value")}</span>
        <input
          ref={input}
          data-keys-field={CHECKING_FIELD}
          value={value}
          placeholder={t("checking.value.placeholder")}
          autoComplete="off"
          spellCheck={false}
          aria-label={t("checking.value.of", { field: name })}
          aria-describedby="checking-echo"
          {...inputAttributes(field?.kind ?? "text")}
          onCompositionStart={() => {
            composing.current = true;
          }}
          onCompositionEnd={(event) => {
            composing.current = false;
            settling.type(repaired(field, event.currentTarget.value));
          }}
          onChange={(event) => settling.type(composing.current ? event.target.value : repaired(field, event.target.value))}
        />
      </label>
      <p id="checking-echo" className="chk-echo">{echo.join("　")}</p>
      <ul className="chk-rules">
        {task !== null && code !== null && failedRules(task, code).map((check) => <li key={check.rule}>{textOf(check)}</li>)}
      </ul>
      <div className="chk-causes" role="group" aria-label={t("checking.cause")}>
        <span className="st-faint">{t("checking.cause")}</span>
        {CAUSES.map((cause, index) => (
          <button key={cause} type="button" tabIndex={-1} aria-pressed={settled?.cause === cause} onMouseDown={keepFocus} onClick={() => settling.mark(cause)}>
            {t(`checking.cause.${cause}`)} <kbd>{`Alt+${String(index + 1)}`}</kbd>
          </button>
        ))}
      </div>
    </section>
  );
}

function repaired(field: CheckField | null, typed: string): string {
  return field !== null && isFigures(field.kind) ? repairWidth(typed).text : typed;
}

/** What was keyed, without a word of who keyed it. */
function Candidates({ field, settling, value }: { field: CheckField | null; settling: Settling; value: string }) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const candidates = field?.candidates ?? [];
  const [a, b] = [candidates[0]?.value, candidates[1]?.value];
  const cut = a !== undefined && b !== undefined ? differences(a, b) : null;
  return (
    <div className="chk-candidates">
      {candidates.slice(0, LETTERS.length).map((candidate, index) => {
        const against = a !== undefined && index === 2 ? differences(a, candidate.value).b : null;
        const pieces = (index === 0 ? cut?.a : index === 1 ? cut?.b : against) ?? [{ text: candidate.value, own: false }];
        return (
          <button
            key={index}
            type="button"
            tabIndex={-1}
            aria-pressed={value === candidate.value}
            aria-label={`${LETTERS[index] ?? ""} ${candidate.value}`}
            onMouseDown={keepFocus}
            onClick={() => settling.accept(index)}
          >
            <span className="chk-letter">{LETTERS[index]}</span>
            <Text pieces={pieces} />
            <kbd>{chordLabel(CANDIDATE_KEYS[index] ?? "F2", language)}</kbd>
          </button>
        );
      })}
      {candidates.length === 0 && <p className="st-faint">{field === null ? "" : t(shownState(field) === "open" ? "checking.unread" : "checking.once")}</p>}
    </div>
  );
}

/** Characters that fit one line in the larger letters. */
const LONG = 24;

function Text({ pieces }: { pieces: readonly Piece[] }) {
  const length = pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  return (
    <span className={length > LONG ? "chk-text chk-text-long" : "chk-text"}>
      {pieces.map((piece, index) => (piece.own ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>))}
    </span>
  );
}
