// The stream's ports in a real browser.

import { address, ApiProblem, command, get } from "@/api/client";
import type { Activity } from "./activity";
import type { Beat, ConnectionHandlers, Shown, StreamPorts } from "./client";
import type { TabPorts } from "./station_tab";

/** `watch` keeps informed but renews no lease: an office page beside a station must not keep work alive. */
export type StreamMode = "station" | "watch";

export function browserPorts(mode: StreamMode, activity: Activity): StreamPorts {
  return {
    openSocket,
    openEvents,
    postHeartbeat,
    sessionAlive,
    onBeat,
    later,
    now: () => performance.now(),
    random: () => Math.random(),
    active: () => mode === "station" && activity.active(),
  };
}

function openSocket(query: string, { onText, onClosed }: ConnectionHandlers) {
  const url = new URL(address("/work/stream") + query, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === "string") onText(event.data);
  };
  socket.onclose = (event) => onClosed(event.code);
  return {
    close: () => socket.close(1000),
    send: (text: string) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
  };
}

function openEvents(query: string, { onText, onClosed }: ConnectionHandlers) {
  const source = new EventSource(address("/work/events") + query);
  source.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === "string") onText(event.data);
  };
  // The browser would reconnect by itself, in step with every other console; the stream's own back-off does it instead.
  source.onerror = () => {
    source.close();
    onClosed();
  };
  return { close: () => source.close() };
}

async function postHeartbeat(active: boolean, shown: readonly Shown[]): Promise<Beat> {
  try {
    return await command<Exclude<Beat, string>>("POST", "/work/heartbeat", { active, shown });
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return "signed_out";
    throw error;
  }
}

/** The answer 401 also tells the rest of the console that the session has ended. */
async function sessionAlive(): Promise<boolean> {
  try {
    await get("/identity/me");
    return true;
  } catch (error) {
    return !(error instanceof ApiProblem && error.status === 401);
  }
}

function onBeat(run: () => void): () => void {
  const worker = new Worker(new URL("./heartbeat.worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = run;
  return () => worker.terminate();
}

export function later(ms: number, run: () => void): () => void {
  const timer = window.setTimeout(run, ms);
  return () => window.clearTimeout(timer);
}

export function browserTabPorts(): TabPorts {
  const name = crypto.getRandomValues(new Uint32Array(2));
  return {
    // Typed as always there, absent outside secure contexts.
    locks: (navigator as { locks?: LockManager }).locks,
    openChannel: (channel) => new BroadcastChannel(channel),
    later,
    tab: name.join("."),
  };
}
