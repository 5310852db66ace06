// The way into a station: one window per person, then the stream, then the desk.

import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import type { QueueName } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { useStationTab, WorkStreamProvider } from "@/stream/WorkStreamProvider";
import { StationProvider } from "../work/StationContext";
import { Face } from "./Face";
import "./station.css";

interface Props {
  queues: readonly QueueName[];
  /** How many leases are held at once: the one in hand and what is fetched ahead. */
  capacity: number;
  children: ReactNode;
}

export function StationRoot({ queues, capacity, children }: Props) {
  const { t } = useTranslation();
  const { state, takeOver } = useStationTab(useMe().person_id);
  // Who sits down presses Space at once; the moment in which the browser's windows agree whose the station is loses nothing.
  const [readyAhead, setReadyAhead] = useState(false);
  useKeys("page", [{ id: "station.ready", label: t("key.station.ready"), keys: ["Space", "Enter", "NumpadEnter"], commit: true, run: () => setReadyAhead(true) }], state === "asking");
  if (state === "asking") return <main className="st st-alone"><Face title={t("station.asking")} {...(readyAhead ? { hint: t("station.ready.wanted") } : {})} /></main>;
  if (state === "elsewhere") {
    return (
      <main className="st st-alone">
        <Face title={t("station.elsewhere.title")} hint={t("station.elsewhere.hint")} act={{ label: t("station.elsewhere.take"), run: takeOver }} />
      </main>
    );
  }
  return (
    <WorkStreamProvider mode="station">
      <StationProvider queues={queues} capacity={capacity} readyAhead={readyAhead}>
        {children}
      </StationProvider>
    </WorkStreamProvider>
  );
}
