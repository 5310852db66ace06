// The frame that all stations share: a bar above, the zones, a strip below. Nothing in it moves when the work changes.

import { useEffect, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import type { Lease } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { Watermark } from "@/kit/Watermark";
import { useStreamEvents } from "@/stream/WorkStreamProvider";
import { useSentences } from "../work/sentences";
import { useStation } from "../work/StationContext";
import { PhaseFace } from "./PhaseFace";
import { StationBar } from "./StationBar";
import { AwayDialog } from "./AwayDialog";
import { keepFocus } from "./focus";

interface Props {
  title: string;
  /** What a piece of work is called when it comes, for the live region. */
  describe: (lease: Lease) => string;
  /** The text field that is focused again when the strip of messages is dismissed. */
  fields: readonly string[];
  children: ReactNode;
}

export function StationFrame({ title, describe, fields, children }: Props) {
  const me = useMe();
  const { phase, state, desk, presence, sounds } = useStation();
  const [away, setAway] = useState(false);
  useStreamEvents((event) => {
    if (event.type === "message") sounds.play("message");
  });
  useKeys("page", [
    { id: "station.away", label: { zh: "离席", en: "Step away" }, keys: ["Alt+Digit0"], run: () => setAway(true) },
    {
      id: "station.dismiss", label: { zh: "关闭提示", en: "Dismiss the notice" }, keys: ["Escape"], inFields: fields,
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

/** One line for what has to be said: never a dialog over the work. */
function Strip() {
  const { t } = useTranslation();
  const { notice: sentence } = useSentences();
  const { state, stream, desk } = useStation();
  const { notice, current, upcoming } = state;
  const held = notice !== null && "workItemId" in notice && [current, ...upcoming].some((lease) => lease?.work_item_id === notice.workItemId);
  const words = notice === null ? "" : sentence(notice, current?.work_item_id, held);
  const tone = notice === null ? "" : notice.kind === "refused" || notice.kind === "lost" ? "st-strip-bad" : "st-strip-note";
  const offline = stream.lamp === "offline" && notice === null;
  return (
    <footer className={`st-strip ${offline ? "st-strip-bad" : tone}`}>
      <div role="status" className="st-strip-words">{offline ? t("station.offline.strip") : words}</div>
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
