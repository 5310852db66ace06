// Sending work out of the way: how, why, and with which words. Digits choose, Enter confirms, Escape goes back.

import { useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Reason } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { useLanguage } from "@/kit/language";
import { keepFocus } from "./focus";
import { NOTHING, numbersOf, typeDigit, type Choosing } from "./choice";
import { Modal } from "./Modal";

export interface Way<W extends string> {
  id: W;
  label: string;
  hint: string;
  /** Null where no reason code is asked for; then the note says why. */
  reasons: readonly Reason[] | null;
  /** Whether a field that is marked on the image goes with it. */
  marks?: boolean;
}

export interface Rejected<W extends string> {
  way: W;
  reason: string;
  note: string;
  boxed: boolean;
}

interface Props<W extends string> {
  title: string;
  ways: readonly Way<W>[];
  /** Name of the field that can be marked on the image, when there is one. */
  box: string | null;
  onConfirm: (rejected: Rejected<W>) => void;
  onClose: () => void;
}

const NOTE = "reject.note";
const LONGEST_NOTE = 200;
/** Enter on a button presses the button. */
const notOnButton = () => !(document.activeElement instanceof HTMLButtonElement);

export function RejectDialog<W extends string>({ title, ways, box: field, onConfirm, onClose }: Props<W>) {
  const { t } = useTranslation();
  const [wayIndex, setWayIndex] = useState(ways.length === 1 ? 0 : null);
  const [choosing, setChoosing] = useState<Choosing>(NOTHING);
  const [note, setNote] = useState("");
  const [boxed, setBoxed] = useState(field !== null);
  const [tried, setTried] = useState(false);
  const words = useRef<HTMLInputElement>(null);
  const way = wayIndex === null ? null : (ways[wayIndex] ?? null);
  const box = way?.marks === true ? field : null;
  const numbers = numbersOf((way === null ? ways.map((each) => each.id) : way.reasons?.map((reason) => reason.code)) ?? []);

  const choose = (index: number) => {
    if (way === null) {
      setWayIndex(index);
      setChoosing(NOTHING);
    } else setChoosing({ typed: "", chosen: index });
  };
  const digit = (value: number) => {
    const next = typeDigit(choosing, value, numbers);
    if (way === null && next.chosen !== null) choose(next.chosen);
    else setChoosing(next);
  };
  const back = () => {
    if (way === null || ways.length === 1) return onClose();
    setWayIndex(null);
    setChoosing(NOTHING);
  };
  const reason = choosing.chosen === null ? null : (way?.reasons?.[choosing.chosen] ?? null);
  const needsNote = way?.reasons === null || reason?.needs_note === true;
  const complete = way !== null && (way.reasons === null || reason !== null) && (!needsNote || note.trim() !== "");
  const confirm = () => {
    if (way !== null && complete) return onConfirm({ way: way.id, reason: reason?.code ?? "", note, boxed: boxed && box !== null });
    setTried(true);
    if (needsNote) words.current?.focus();
  };
  useKeys("dialog", [
    ...Array.from({ length: 10 }, (_, value) => ({
      id: `reject.${String(value)}`, label: t("key.choose", { no: value }),
      keys: [`Digit${String(value)}`, `Numpad${String(value)}`], run: () => digit(value),
    })),
    { id: "reject.confirm", label: t("key.reject.confirm"), keys: ["Enter", "NumpadEnter"], commit: true, inFields: [NOTE], when: notOnButton, run: confirm },
    { id: "reject.back", label: t("key.reject.back"), keys: ["Escape"], inFields: [NOTE], run: back },
    { id: "reject.box", label: t("key.reject.box"), keys: ["KeyB"], when: () => box !== null, run: () => setBoxed((on) => !on) },
  ]);

  return (
    <Modal title={way === null || ways.length === 1 ? title : `${title} · ${way.label}`} className="st-reject" onClose={back}>
      {way?.reasons !== null && <p className="st-faint">{t(way === null ? "reject.how" : "reject.reason")}</p>}
      {way === null ? <Ways ways={ways} numbers={numbers} onChoose={choose} /> : <Reasons way={way} numbers={numbers} chosen={choosing.chosen} onChoose={choose} />}
      {way !== null && <Words input={words} note={note} title={way.reasons === null ? way.hint : t("reject.note")} required={way.reasons === null} onNote={setNote} box={box} boxed={boxed} onBoxed={setBoxed} />}
      <p className="st-bad st-line" role="alert">
        {tried && !complete ? t(way?.reasons === null ? "review.overturn.required" : reason === null ? "reject.choose" : "reject.needsNote") : ""}
      </p>
      <div className="st-modal-acts">
        <span className="st-faint">{way?.reasons === null ? "" : t("reject.keys")}</span>
        <span className="st-grow" />
        {way !== null && ways.length > 1 && <button type="button" onClick={back}>{t("reject.back")}</button>}
        <button type="button" onClick={onClose}>{t("reject.cancel")}</button>
        <button type="button" className="st-primary" aria-disabled={!complete} onClick={confirm}>{t("reject.confirm")}</button>
      </div>
    </Modal>
  );
}

function Ways<W extends string>({ ways, numbers, onChoose }: { ways: readonly Way<W>[]; numbers: readonly string[]; onChoose: (index: number) => void }) {
  return (
    <ol className="st-choices">
      {ways.map((way, index) => (
        <li key={way.id}>
          <button type="button" onClick={() => onChoose(index)}>
            <kbd>{numbers[index]}</kbd>
            <span>{way.label}</span>
            <span className="st-faint">{way.hint}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Reasons<W extends string>({ way, numbers, chosen, onChoose }: { way: Way<W>; numbers: readonly string[]; chosen: number | null; onChoose: (index: number) => void }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { reasons } = way;
  if (reasons === null) return null;
  if (reasons.length === 0) return <p className="st-bad">{t("reject.reason.none")}</p>;
  return (
    <ol className={reasons.length > 12 ? "st-choices st-reasons st-reasons-many" : "st-choices st-reasons"}>
      {reasons.map((reason, index) => (
        <li key={reason.code}>
          <button type="button" aria-pressed={index === chosen} onMouseDown={keepFocus} onClick={() => onChoose(index)}>
            <kbd>{numbers[index]}</kbd>
            <span>{nameOf(reason)}</span>
            <span className="st-faint">{reason.code}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

interface WordsProps {
  input: RefObject<HTMLInputElement | null>;
  note: string;
  title: string;
  required: boolean;
  onNote: (note: string) => void;
  box: string | null;
  boxed: boolean;
  onBoxed: (on: boolean) => void;
}

function Words({ input, note, title, required, onNote, box, boxed, onBoxed }: WordsProps) {
  const { t } = useTranslation();
  return (
    <>
      <label className="st-note">
        <span>{title}</span>
        <input
          ref={input}
          data-keys-field={NOTE}
          value={note}
          maxLength={LONGEST_NOTE}
          autoComplete="off"
          autoFocus={required}
          onChange={(event) => onNote(event.target.value)}
        />
      </label>
      {box !== null && (
        <label className="st-tick">
          <input type="checkbox" checked={boxed} onChange={(event) => onBoxed(event.target.checked)} />
          <kbd>B</kbd> {t("reject.box", { field: box })}
        </label>
      )}
    </>
  );
}
