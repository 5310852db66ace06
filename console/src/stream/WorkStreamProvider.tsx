// Lends one work stream to the pages under it.

import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { Activity } from "./activity";
import { browserPorts, browserTabPorts, type StreamMode } from "./browser_ports";
import { WorkStream, type StreamEvent, type StreamState } from "./client";
import { StationTab, type TabState } from "./station_tab";

const StreamContext = createContext<WorkStream | null>(null);

export function WorkStreamProvider({ mode, children }: { mode: StreamMode; children: ReactNode }) {
  const [activity] = useState(() => new Activity(document, () => performance.now()));
  const stream = useMemo(() => new WorkStream(browserPorts(mode, activity)), [mode, activity]);

  useEffect(() => {
    const deaf = activity.listen();
    stream.start();
    // A page that goes away closes the connection at once; one that comes back from the browser's cache opens it again.
    const leave = () => stream.stop();
    const back = () => stream.start();
    const online = () => stream.wake();
    window.addEventListener("online", online);
    window.addEventListener("pagehide", leave);
    window.addEventListener("pageshow", back);
    return () => {
      window.removeEventListener("online", online);
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("pageshow", back);
      stream.stop();
      deaf();
    };
  }, [stream, activity]);

  return <StreamContext value={stream}>{children}</StreamContext>;
}

export function useWorkStream(): WorkStream {
  const stream = useContext(StreamContext);
  if (stream === null) throw new Error("useWorkStream needs a WorkStreamProvider around it");
  return stream;
}

export function useStreamState(): StreamState {
  const stream = useWorkStream();
  return useSyncExternalStore(stream.subscribe, stream.state);
}

/** Calls `hear` for what happens once; the function may change at every rendering. */
export function useStreamEvents(hear: (event: StreamEvent) => void): void {
  const stream = useWorkStream();
  const latest = useRef(hear);
  useEffect(() => {
    latest.current = hear;
  });
  useEffect(() => stream.onEvent((event) => latest.current(event)), [stream]);
}

/** Whether this tab is the person's station; `takeOver` makes it so. */
export function useStationTab(personId: string): { state: TabState; takeOver: () => void } {
  const tab = useMemo(() => new StationTab(personId, browserTabPorts()), [personId]);
  useEffect(() => {
    tab.claim();
    return () => tab.close();
  }, [tab]);
  const state = useSyncExternalStore(tab.subscribe, tab.state);
  return { state, takeOver: () => tab.takeOver() };
}
