// 录入台: one slice, one field, one confirmation, all day long. The right hand stays on the keypad.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import type { Lease, QueueName } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { chordLabel } from "@/keys/chord";
import { useLanguage } from "@/kit/language";
import { StationFrame } from "./frame/StationFrame";
import { StationRoot } from "./frame/StationRoot";
import { EntryZone, KEYING_FIELD } from "./keying/EntryZone";
import { SliceView } from "./keying/SliceView";
import { Ticker } from "./keying/Ticker";
import { useKeyedEntry } from "./keying/useKeyedEntry";
import { useWiderSlice } from "./keying/useWiderSlice";
import "./keying/keying.css";
import { imagesOf, sliceName, useLook, useShelved } from "./work/useImages";
import { useStation } from "./work/StationContext";

/** The slice in hand, two behind it whose images are in memory already, and the last one, which waits for second thoughts. */
const CAPACITY = 4;
const ZOOMS = [1, 1.5, 2] as const;
const FIELDS = [KEYING_FIELD];

export default function KeyingStation() {
  const { can } = useSession();
  const [first, third] = [can("slice.key"), can("slice.key_third")];
  const queues = useMemo<QueueName[]>(() => [...(first ? (["keying"] as const) : []), ...(third ? (["third_keying"] as const) : [])], [first, third]);
  return (
    <StationRoot queues={queues} capacity={CAPACITY}>
      <KeyingDesk />
    </StationRoot>
  );
}

function useDescription() {
  const { nameOf } = useLanguage();
  return (lease: Lease) => (lease.task.kind === "slice" ? nameOf(lease.task.field) : "");
}

function KeyingDesk() {
  const { t } = useTranslation();
  const { language, pick } = useLanguage();
  const { desk, state, shelf, presence } = useStation();
  const describe = useDescription();
  const lease = state.current;
  const task = lease?.task.kind === "slice" ? lease.task : null;
  const entry = useKeyedEntry(desk, lease, task);
  const wider = useWiderSlice(lease);
  useShelved(shelf, lease, state.upcoming, wider.wanted);
  const showsWider = wider.shown && wider.wanted !== null;
  const name = lease === null ? null : showsWider ? (wider.wanted?.name ?? null) : sliceName(lease);
  const shelved = useLook(shelf, name);
  const [zoom, setZoom] = useState(0);
  const [hint, setHint] = useState<string | null>(null);
  const [numLockOff, setNumLockOff] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const zone = useRef<HTMLDivElement>(null);
  const id = lease?.work_item_id ?? null;
  useEffect(() => {
    setZoom(0);
    setHint(null);
  }, [id]);

  const acts = {
    wider: () => (task?.wider_allowed === true ? wider.toggle() : setHint(t("keying.wider.no"))),
    same: () => setHint(entry.same() ? null : t("keying.same.none")),
    zoom: () => setZoom((step) => (step + 1) % ZOOMS.length),
    move: (lines: number) => {
      zone.current?.scrollBy({ top: lines * LINE });
    },
    rest: () => (presence.pauseWanted === null ? presence.pause("break") : presence.cancelPause()),
  };
  useKeyingKeys(task !== null, { ...acts, confirm: entry.confirm, unreadable: entry.unreadable, back: () => desk.takeBack() });

  const again = useCallback(() => {
    const wanted = lease === null ? undefined : showsWider ? wider.wanted : imagesOf(lease)[0];
    if (wanted !== null && wanted !== undefined) shelf.again(wanted);
  }, [lease, shelf, showsWider, wider.wanted]);
  const pad = (code: string) => chordLabel(code, language);
  return (
    <StationFrame title={t("station.keying")} describe={describe} fields={FIELDS} untouched={() => entry.text === (task?.draft ?? "")}>
      <div className="key-zones">
        <SliceView
          shelved={shelved}
          width={showsWider ? null : (task?.image_width ?? null)}
          height={showsWider ? null : (task?.image_height ?? null)}
          label={lease === null ? "" : describe(lease)}
          zoom={ZOOMS[zoom] ?? 1}
          watermark={task?.seat_watermark ?? ""}
          zone={zone}
          onShown={entry.shown}
          onAgain={again}
        />
        <EntryZone
          task={task}
          workItemId={id}
          entry={entry}
          hint={numLockOff ? t("keying.numlock") : wider.problem === null ? hint : t("keying.wider.failed")}
          input={input}
          onNumLock={setNumLockOff}
          acts={[
            { label: t("keying.confirm"), keys: pad("NumpadEnter"), run: entry.confirm },
            { label: t("keying.same"), keys: pad("NumpadAdd"), run: acts.same },
            { label: t("keying.back"), keys: pad("NumpadSubtract"), run: () => desk.takeBack() },
            { label: t("keying.unreadable"), keys: pad("NumpadMultiply"), run: entry.unreadable },
            { label: t("keying.zoom"), keys: pad("NumpadDivide"), run: acts.zoom },
            { label: t("keying.wider"), keys: "F2", run: acts.wider, disabled: task?.wider_allowed === false ? t("keying.wider.no") : undefined },
            { label: presence.pauseWanted === null ? t("keying.break") : t("station.presence.pause.cancel"), keys: "F9", run: acts.rest },
          ]}
        />
        <Ticker repaired={entry.repaired} />
        <span className="st-unseen">{pick(task?.business_type_name_zh, task?.business_type_name_en) ?? ""}</span>
      </div>
    </StationFrame>
  );
}

/** Pixels by which an arrow key moves through a slice of several lines. */
const LINE = 60;

interface KeyingActs extends Record<"confirm" | "same" | "back" | "unreadable" | "zoom" | "wider" | "rest", () => void> {
  move: (lines: number) => void;
}

function useKeyingKeys(working: boolean, acts: KeyingActs): void {
  const { t } = useTranslation();
  useKeys(
    "field",
    [
      { id: "keying.confirm", label: t("key.keying.confirm"), keys: ["NumpadEnter", "Enter"], commit: true, inFields: FIELDS, run: acts.confirm },
      { id: "keying.same", label: t("key.keying.same"), keys: ["NumpadAdd"], inFields: FIELDS, run: acts.same },
      { id: "keying.back", label: t("key.keying.back"), keys: ["NumpadSubtract"], commit: true, inFields: FIELDS, run: acts.back },
      { id: "keying.unreadable", label: t("key.keying.unreadable"), keys: ["NumpadMultiply"], commit: true, inFields: FIELDS, run: acts.unreadable },
      { id: "keying.zoom", label: t("key.keying.zoom"), keys: ["NumpadDivide"], inFields: FIELDS, run: acts.zoom },
      { id: "keying.down", label: t("key.keying.down"), keys: ["ArrowDown"], inFields: FIELDS, run: () => acts.move(1) },
      { id: "keying.up", label: t("key.keying.up"), keys: ["ArrowUp"], inFields: FIELDS, run: () => acts.move(-1) },
      { id: "keying.pageDown", label: t("key.keying.pageDown"), keys: ["PageDown"], inFields: FIELDS, run: () => acts.move(4) },
      { id: "keying.pageUp", label: t("key.keying.pageUp"), keys: ["PageUp"], inFields: FIELDS, run: () => acts.move(-4) },
    ],
    working,
  );
  useKeys(
    "page",
    [
      { id: "keying.wider", label: t("key.keying.wider"), keys: ["F2"], inFields: FIELDS, commit: true, run: acts.wider },
      { id: "keying.break", label: t("key.keying.break"), keys: ["F9"], inFields: FIELDS, commit: true, run: acts.rest },
    ],
    working,
  );
}
