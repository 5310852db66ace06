// The way into a station: one window per person, then the stream, then the desk.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import type { QueueName } from "@/api/types";
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
  if (state === "asking") return <main className="st st-alone"><Face title={t("station.asking")} /></main>;
  if (state === "elsewhere") {
    return (
      <main className="st st-alone">
        <Face title={t("station.elsewhere.title")} hint={t("station.elsewhere.hint")} act={{ label: t("station.elsewhere.take"), run: takeOver }} />
      </main>
    );
  }
  return (
    <WorkStreamProvider mode="station">
      <StationProvider queues={queues} capacity={capacity}>
        {children}
      </StationProvider>
    </WorkStreamProvider>
  );
}
