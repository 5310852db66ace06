// The frame that all stations share: a bar above, the zones, a strip below. Nothing in it moves when the work changes.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import type { Lease } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { setPreferences } from "@/kit/preferences";
import { Watermark } from "@/kit/Watermark";
import { useStreamEvents } from "@/stream/WorkStreamProvider";
import { useSentences } from "../work/sentences";
import { useEyeBreak } from "../work/eyeBreak";
import { useStation } from "../work/StationContext";
import { PhaseFace } from "./PhaseFace";
import { StationBar } from "./StationBar";
import { AwayDialog } from "./AwayDialog";
import { keepFocus } from "./focus";
import { KeyHints } from "./KeyHints";

interface Props {
  title: string;
  /** What a piece of work is called when it comes, for the live region. */
  describe: (lease: Lease) => string;
  /** The text field that is focused again when the strip of messages is dismissed. */
  fields: readonly string[];
  /** For stations whose commits wait for second thoughts: nothing was typed into the work in hand, so that Ctrl+Z is not the text's own. */
  untouched?: () => boolean;
  children: ReactNode;
}

export function StationFrame({ title, describe, fields, untouched, children }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const { phase, state, desk, presence, sounds } = useStation();
  const [away, setAway] = useState(false);
  useStreamEvents((event) => {
    if (event.type === "message") sounds.play("message");
  });
  useKeys("page", [
    { id: "station.away", label: t("key.station.away"), keys: ["Alt+Digit0"], run: () => setAway(true) },
    ...(untouched === undefined
      ? []
      : [{ id: "station.takeBack", label: t("key.station.takeBack"), keys: ["Ctrl+KeyZ"], commit: true, when: () => desk.state().mayTakeBack && untouched(), run: () => desk.takeBack() }]),
    {
      id: "station.dismiss", label: t("key.station.dismiss"), keys: ["Escape"], inFields: fields,
      when: () => desk.state().notice !== null, run: () => desk.dismiss(),
    },
  ]);
  const working = phase === "working";
  return (
    <div className="st" data-phase={phase}>
      <StationBar title={title} onAway={() => setAway(true)} />
      <main className="st-main">
        {/* The zones stay where they are behind a face, so that work appears without a jump. */}
        <div className="st-zones" inert={!working}>
          {children}
        </div>
        {!working && (
          <div className="st-cover">
            <PhaseFace />
          </div>
        )}
        <Watermark words={`${me.name} ${me.employee_no}`} />
      </main>
      <Strip />
      <Announcer current={state.current} describe={describe} />
      {away && (
        <AwayDialog
          onClose={() => setAway(false)}
          onChoose={(reason) => {
            setAway(false);
            presence.pause(reason);
          }}
        />
      )}
    </div>
  );
}

/** One line for what has to be said, and for the keys while there is nothing: never a dialog over the work. */
function Strip() {
  const { t } = useTranslation();
  const { notice: sentence } = useSentences();
  const { phase, state, stream, desk } = useStation();
  const { notice, current, upcoming } = state;
  const held = notice !== null && "workItemId" in notice && [current, ...upcoming].some((lease) => lease?.work_item_id === notice.workItemId);
  const words = notice === null ? "" : sentence(notice, current?.work_item_id, held);
  const tone = notice === null ? "" : notice.kind === "refused" || notice.kind === "lost" ? "st-strip-bad" : "st-strip-note";
  const offline = stream.lamp === "offline" && notice === null;
  const rest = useEyeBreak(phase === "working") && notice === null && !offline;
  return (
    <footer className={`st-strip ${offline ? "st-strip-bad" : rest ? "st-strip-note" : tone}`}>
      <div role="status" className="st-strip-words">{offline ? t("station.offline.strip") : rest ? t("station.eyes") : words}</div>
      {notice === null && !offline && !rest && <KeyHints />}
      {rest && (
        <button type="button" className="st-quiet" onMouseDown={keepFocus} onClick={() => setPreferences({ eyeBreaks: false })}>
          {t("station.eyes.never")}
        </button>
      )}
      {notice !== null && (
        <button type="button" className="st-quiet" onMouseDown={keepFocus} onClick={() => desk.dismiss()}>
          {t("station.notice.dismiss")}
        </button>
      )}
    </footer>
  );
}

/** Says politely what the eyes see: sent, and what comes next. */
function Announcer({ current, describe }: { current: Lease | null; describe: (lease: Lease) => string }) {
  const { t } = useTranslation();
  const { phase } = useStation();
  const [said, setSaid] = useState("");
  const before = useRef<Lease | null>(null);
  const describing = useRef(describe);
  useEffect(() => {
    describing.current = describe;
  });
  useEffect(() => {
    const former = before.current;
    before.current = current;
    if (current !== null && current.work_item_id === former?.work_item_id) return;
    if (current !== null) setSaid(t(former === null ? "station.said.arrived" : "station.said.next", { what: describing.current(current) }));
    else if (former !== null && phase === "waiting") setSaid(t("station.said.waiting"));
  }, [current, phase, t]);
  return (
    <div className="st-unseen" aria-live="polite">
      {said}
    </div>
  );
}
