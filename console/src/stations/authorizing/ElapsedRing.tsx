// The seconds on this item as a ring. Advisory: nothing happens by itself when it is full.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStation } from "../work/StationContext";
import { urgency } from "./armed";

const FULL_SECONDS = 60;
/** Twenty seconds before the ring is full. */
const HURRY_AT_SECONDS = 40;
const RADIUS = 20;
const AROUND = 2 * Math.PI * RADIUS;

export function ElapsedRing({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const { sounds } = useStation();
  const seconds = useSecondsSince(id);
  const hurry = id !== null && seconds === HURRY_AT_SECONDS;
  useEffect(() => {
    if (hurry) sounds.play("hurry");
  }, [hurry, sounds]);
  const share = Math.min(1, seconds / FULL_SECONDS);
  return (
    <div className={`aut-ring aut-ring-${urgency(seconds)}`} role="timer" aria-label={t("authorizing.elapsed", { seconds })}>
      <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
        <circle cx="24" cy="24" r={RADIUS} className="aut-ring-ground" />
        <circle cx="24" cy="24" r={RADIUS} className="aut-ring-arc" strokeDasharray={`${String(share * AROUND)} ${String(AROUND)}`} transform="rotate(-90 24 24)" />
      </svg>
      <span aria-hidden="true">{seconds}</span>
      <span className="st-unseen" role="status">{id !== null && seconds >= HURRY_AT_SECONDS ? t("authorizing.hurry", { seconds: HURRY_AT_SECONDS }) : ""}</span>
    </div>
  );
}

function useSecondsSince(id: string | null): number {
  const [elapsed, setElapsed] = useState<{ id: string | null; seconds: number }>({ id: null, seconds: 0 });
  useEffect(() => {
    if (id === null) return undefined;
    const from = performance.now();
    const timer = window.setInterval(() => setElapsed({ id, seconds: Math.floor((performance.now() - from) / 1000) }), 250);
    return () => window.clearInterval(timer);
  }, [id]);
  return elapsed.id === id ? elapsed.seconds : 0;
}
