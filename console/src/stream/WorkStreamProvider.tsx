// Lends one work stream to the pages under it.

import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { Activity } from "./activity";
import { browserPorts, browserTabPorts, type StreamMode } from "./browser_ports";
import { WorkStream, type StreamEvent, type StreamState } from "./client";
import { follow, relay } from "./relay";
import { StationTab, type TabState } from "./station_tab";

const StreamContext = createContext<WorkStream | null>(null);

/** The name under which the tabs of a browser agree who holds the stream. */
const HOLDER = "stream";

/** Lends the stream to what stands under it. A station takes it from the browser's other tabs; office pages share what is there. */
export function WorkStreamProvider({ mode, children }: { mode: StreamMode; children: ReactNode }) {
  const [activity] = useState(() => new Activity(document, () => performance.now()));
  const stream = useMemo(() => new WorkStream(browserPorts(mode, activity)), [mode, activity]);

  useEffect(() => {
    const deaf = activity.listen();
    const stop = hold(stream, mode === "station");
    return () => {
      stop();
      deaf();
    };
  }, [stream, activity, mode]);

  return <StreamContext value={stream}>{children}</StreamContext>;
}

/** Runs the stream while this tab holds it, and hears the holder's tab while it does not. */
function hold(stream: WorkStream, station: boolean): () => void {
  const tab = new StationTab(HOLDER, browserTabPorts());
  let stopSharing: (() => void) | null = null;
  const share = () => {
    stopSharing?.();
    const channel = new BroadcastChannel("shuniu.stream.news");
    if (tab.state() === "mine") {
      stream.start();
      stopSharing = relay(stream, channel);
    } else {
      stream.stop();
      stopSharing = follow(stream, channel);
    }
  };
  const unsubscribe = tab.subscribe(share);
  if (station) tab.takeOver();
  else tab.claim();
  // A page that goes away closes the connection at once; one that comes back from the browser's cache opens it again.
  const leave = () => stream.stop();
  const back = () => {
    if (tab.state() === "mine") stream.start();
  };
  const online = () => stream.wake();
  window.addEventListener("online", online);
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", back);
  return () => {
    window.removeEventListener("online", online);
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("pageshow", back);
    unsubscribe();
    tab.close();
    stopSharing?.();
    stream.stop();
  };
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
  const tab = useMemo(() => new StationTab(`station.${personId}`, browserTabPorts()), [personId]);
  useEffect(() => {
    tab.claim();
    return () => tab.close();
  }, [tab]);
  const state = useSyncExternalStore(tab.subscribe, tab.state);
  return { state, takeOver: () => tab.takeOver() };
}
