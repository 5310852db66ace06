// Which face the station shows. One function decides, so that no two faces can be shown at once.

import type { Presence, QueueName } from "@/api/types";
import type { StreamState } from "@/stream/client";
import type { DeskState } from "./desk";

export type Phase = "signed_out" | "superseded" | "connecting" | "offline" | "working" | "not_ready" | "away" | "finishing" | "wrap_up" | "waiting";

/** Whether work of these queues may come. */
export function isReady(presence: Presence | null, queues: readonly QueueName[]): boolean {
  if (presence === null) return false;
  const available = presence.state === "ready" || presence.state === "busy" || presence.state === "wrap_up";
  return available && presence.queues.some((queue) => queues.includes(queue));
}

export function phaseOf(stream: StreamState, desk: DeskState, pauseWanted: boolean, queues: readonly QueueName[]): Phase {
  if (stream.signedOut) return "signed_out";
  // The same session works in another connection, which has the work now.
  if (stream.superseded) return "superseded";
  // Work in hand stays on the screen whatever the line does.
  if (desk.current !== null) return "working";
  if (stream.presence === null) return stream.lamp === "offline" ? "offline" : "connecting";
  if (pauseWanted) return "finishing";
  if (stream.presence.state === "break") return "away";
  if (!isReady(stream.presence, queues)) return "not_ready";
  if (stream.lamp === "offline") return "offline";
  return stream.presence.state === "wrap_up" ? "wrap_up" : "waiting";
}
