// The console's end of the work stream: who has what, as the server decides it.
//
// Invariants: the server is the truth about leases; frames are applied once and in order; a gap is healed by asking again, never guessed over.
// WebSocket first; after two attempts that never got a greeting, server-sent events with a heartbeat by POST, while a socket is tried again now and then.
// Deliberately absent: any decision about work, and any clock of the day (the server's clock and this one may differ).

import type { Lease, Presence } from "@/api/types";
import { delayBefore } from "./backoff";
import { readFrame, sequenceOf, type Frame } from "./frames";
import { greeted, renewed, withLease, withoutLease } from "./leases";

export type Lamp = "connecting" | "live" | "degraded" | "offline";
export type Transport = "socket" | "events";

/** What the stream knows now; a new object at every change. */
export interface StreamState {
  lamp: Lamp;
  transport: Transport | null;
  presence: Presence | null;
  leases: readonly Lease[];
  /** The server no longer knows the session: nothing comes back by waiting. */
  signedOut: boolean;
  /** Another connection of the same session has taken the stream; fighting over it would leave both without work. */
  superseded: boolean;
}

/** What happens once and is not a state. */
export type StreamEvent =
  | { type: "released"; workItemId: string; why: string }
  | Extract<Frame, { type: "message" | "item" | "board" }>;

/** News from the tab that holds the stream. */
export interface Relayed {
  event?: StreamEvent;
  lamp?: Lamp;
}

interface Connection {
  close: () => void;
  /** Absent where the transport only listens. */
  send?: (text: string) => void;
}

export interface ConnectionHandlers {
  onText: (text: string) => void;
  /** `code` is the close code of a WebSocket. */
  onClosed: (code?: number) => void;
}

/** Work on the screen, as the server is told of it. */
export interface Shown {
  work_item_id: string;
  fence: number;
}

/** What one heartbeat by POST brings; `signed_out` when the session has ended. */
export type Beat = { leases: { work_item_id: string; fence: number; expires_at: string }[] } | "signed_out";

/** The world outside, so that tests can play it. Times are monotonic milliseconds. */
export interface StreamPorts {
  openSocket: (query: string, handlers: ConnectionHandlers) => Connection;
  openEvents: (query: string, handlers: ConnectionHandlers) => Connection;
  postHeartbeat: (active: boolean, shown: readonly Shown[]) => Promise<Beat>;
  /** Whether the server still knows the session; true when that cannot be found out. */
  sessionAlive: () => Promise<boolean>;
  onBeat: (run: () => void) => () => void;
  later: (ms: number, run: () => void) => () => void;
  now: () => number;
  random: () => number;
  active: () => boolean;
}

const SOCKET_TRIES = 2;
/** Silence after which the lamp turns, and after which the connection is given up; leases go back after 4 s. */
const DEGRADED_AFTER_MS = 2500;
const DEAD_AFTER_MS = 4000;
const SOCKET_AGAIN_MS = 30_000;
/** The server's word that the session has ended, or that a newer connection of it has come. */
const CLOSE_POLICY = 1008;

export class WorkStream {
  #ports: StreamPorts;
  #state: StreamState = { lamp: "connecting", transport: null, presence: null, leases: [], signedOut: false, superseded: false };
  #listeners = new Set<() => void>();
  #events = new Set<(event: StreamEvent) => void>();
  #connection: Connection | null = null;
  #probe: Connection | null = null;
  #seq: number | null = null;
  #resumed = false;
  #gapAfterResume = false;
  #failures = 0;
  #attempt = 0;
  #lastHeard = 0;
  #eventsSince = 0;
  #posting = false;
  /** Shown work that the server has not confirmed to know of, where only a POST can tell it. */
  #shown: Shown[] = [];
  #stopBeat: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  #running = false;

  constructor(ports: StreamPorts) {
    this.#ports = ports;
  }

  state = (): StreamState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  onEvent(listener: (event: StreamEvent) => void): () => void {
    this.#events.add(listener);
    return () => this.#events.delete(listener);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#lastHeard = this.#ports.now();
    this.#stopBeat = this.#ports.onBeat(() => this.#beat());
    this.#open();
  }

  /** Closes the connection, which lets the server pass the leases on after 1.5 s. */
  stop(): void {
    this.#running = false;
    this.#stopBeat?.();
    this.#cancelRetry?.();
    this.#drop();
    this.#probe?.close();
    this.#probe = null;
  }

  /** The machine has its network back, or the person wants the stream here: tries at once instead of waiting. */
  wake(): void {
    if (!this.#running || this.#state.signedOut) return;
    this.#set({ superseded: false });
    this.#attempt = 0;
    this.#open();
  }

  /** Tells the server that the work is on the screen. */
  acknowledge(lease: Lease): void {
    const shown = { work_item_id: lease.work_item_id, fence: lease.fence };
    if (this.#connection?.send !== undefined) return this.#connection.send(JSON.stringify({ type: "ack", ...shown }));
    // Kept until a heartbeat has carried it; the first goes at once, since what is not shown goes to somebody else.
    this.#shown = [...this.#shown, shown];
    if (this.#state.transport === "events") this.#postBeat();
  }

  /** Forgets a lease whose work is done or handed back. */
  settle(workItemId: string): void {
    this.#set({ leases: withoutLease(this.#state.leases, workItemId) });
  }

  /** What the tab that holds the stream has heard: this one has none of its own and shows the same lamp. */
  relayed(said: Relayed): void {
    if (this.#running) return;
    if (said.event !== undefined) this.#emit(said.event);
    if (said.lamp !== undefined) this.#set({ lamp: said.lamp });
  }

  /** What an answer of the API said about presence; the stream says it too, a moment later. */
  setPresence(presence: Presence): void {
    this.#set({ presence });
  }

  #open(): void {
    if (!this.#running || this.#connection !== null || this.#state.signedOut) return;
    const transport: Transport = this.#failures < SOCKET_TRIES ? "socket" : "events";
    const open = transport === "socket" ? this.#ports.openSocket : this.#ports.openEvents;
    let greetedYet = false;
    const connection = open(this.#query(), {
      onText: (text) => {
        if (this.#connection !== connection) return;
        if (!greetedYet) {
          greetedYet = true;
          this.#established(transport);
        }
        this.#hear(text);
      },
      onClosed: (code) => {
        if (this.#connection === connection) this.#closed(transport, greetedYet, code);
      },
    });
    this.#connection = connection;
  }

  #established(transport: Transport): void {
    this.#attempt = 0;
    if (transport === "socket") this.#failures = 0;
    this.#eventsSince = this.#ports.now();
    this.#set({ transport });
    if (transport === "socket") this.#sayShown();
  }

  /** What could not be said while there was no socket. */
  #sayShown(): void {
    for (const shown of this.#shown) this.#connection?.send?.(JSON.stringify({ type: "ack", ...shown }));
    this.#shown = [];
  }

  #closed(transport: Transport, greetedYet: boolean, code: number | undefined): void {
    if (!greetedYet && transport === "socket") this.#failures += 1;
    // A failed fallback gives the socket its turn again.
    if (!greetedYet && transport === "events") this.#failures = 0;
    if (code !== CLOSE_POLICY) this.#retry();
    else this.#drop();
    // A browser does not say why a connection was refused, so a dead session has to be asked for.
    if (greetedYet && code !== CLOSE_POLICY) return;
    this.#ports.sessionAlive().then(
      (alive) => {
        if (!alive) return this.#end();
        if (code === CLOSE_POLICY && this.#connection === null) this.#set({ superseded: true });
        this.#light();
      },
      () => this.#light(),
    );
  }

  #query(): string {
    return this.#seq === null ? "" : `?resume=${String(this.#seq)}`;
  }

  #retry(): void {
    this.#drop();
    if (!this.#running || this.#state.signedOut) return;
    const wait = delayBefore(this.#attempt, this.#ports.random);
    this.#attempt += 1;
    this.#cancelRetry?.();
    this.#cancelRetry = this.#ports.later(wait, () => this.#open());
    this.#light();
  }

  #drop(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.close();
    if (this.#state.transport !== null) this.#set({ transport: null });
  }

  #hear(text: string): void {
    this.#lastHeard = this.#ports.now();
    const frame = readFrame(text);
    if (frame?.type === "pong") return this.#light();
    if (frame?.type === "hello") return this.#greet(frame);
    const seq = frame?.seq ?? sequenceOf(text);
    if (seq !== null && !this.#inOrder(seq)) return;
    if (frame !== null) this.#apply(frame);
    this.#light();
  }

  /** Whether the frame is the next one; a repeat is dropped, a gap asks for what is missing. */
  #inOrder(seq: number): boolean {
    const last = this.#seq;
    if (last !== null && seq <= last) return false;
    if (last !== null && seq > last + 1) {
      // Asked for once; when the answer has the same hole, everything is asked for anew.
      if (this.#gapAfterResume) this.#seq = null;
      this.#gapAfterResume = true;
      this.#retry();
      return false;
    }
    this.#seq = seq;
    if (this.#resumed) this.#gapAfterResume = false;
    return true;
  }

  #greet(frame: Extract<Frame, { type: "hello" }>): void {
    this.#resumed = frame.resumed;
    // A resumed stream goes on with the frames that were missed; a fresh one starts at its greeting.
    if (!frame.resumed || this.#seq === null) {
      this.#seq = frame.seq;
      this.#gapAfterResume = false;
    }
    const { leases, gone } = greeted(this.#state.leases, frame.leases);
    // Told before it shows, so that who holds the work can say why it goes.
    for (const workItemId of gone) this.#emit({ type: "released", workItemId, why: "connection_lost" });
    this.#set({ presence: frame.presence, leases });
    this.#light();
  }

  #apply(frame: Exclude<Frame, { type: "hello" | "pong" }>): void {
    switch (frame.type) {
      case "assigned":
        return this.#set({ leases: withLease(this.#state.leases, frame.lease) });
      case "released":
        this.#emit({ type: "released", workItemId: frame.work_item_id, why: frame.why });
        return this.#set({ leases: withoutLease(this.#state.leases, frame.work_item_id) });
      case "presence":
        return this.#set({ presence: frame.presence });
      case "message":
      case "item":
      case "board":
        return this.#emit(frame);
    }
  }

  #beat(): void {
    const { transport } = this.#state;
    if (transport === "socket") {
      if (this.#silence() > DEAD_AFTER_MS) return this.#retry();
      const now = Math.round(this.#ports.now());
      this.#connection?.send?.(JSON.stringify({ type: "heartbeat", active: this.#ports.active(), t: now }));
    } else if (transport === "events") {
      this.#postBeat();
      if (this.#ports.now() - this.#eventsSince > SOCKET_AGAIN_MS) this.#trySocket();
    }
    this.#light();
  }

  #postBeat(): void {
    if (this.#posting) return;
    this.#posting = true;
    const asked = this.#state.leases;
    const shown = this.#shown;
    this.#ports
      .postHeartbeat(this.#ports.active(), shown)
      .then((beat) => {
        if (beat === "signed_out") return this.#end();
        this.#shown = this.#shown.filter((each) => !shown.includes(each));
        this.#lastHeard = this.#ports.now();
        const { leases, gone } = renewed(this.#state.leases, asked, beat.leases);
        for (const workItemId of gone) this.#emit({ type: "released", workItemId, why: "expired" });
        this.#set({ leases });
      })
      // An unanswered beat shows as silence, which the lamp tells; the next beat is a second away.
      .catch(() => this.#light())
      .finally(() => {
        this.#posting = false;
      });
  }

  #end(): void {
    this.#cancelRetry?.();
    this.#set({ signedOut: true });
    this.#drop();
    this.#light();
  }

  /** Tries a socket beside the fallback and moves over when it greets: the server then ends the fallback by itself. */
  #trySocket(): void {
    if (this.#probe !== null) return;
    this.#eventsSince = this.#ports.now();
    const probe = this.#ports.openSocket(this.#query(), {
      onText: (text) => {
        if (this.#probe === probe) {
          this.#probe = null;
          this.#drop();
          this.#connection = probe;
          this.#established("socket");
        }
        if (this.#connection === probe) this.#hear(text);
      },
      onClosed: (code) => {
        if (this.#probe === probe) this.#probe = null;
        else if (this.#connection === probe) this.#closed("socket", true, code);
      },
    });
    this.#probe = probe;
  }

  #silence(): number {
    return this.#ports.now() - this.#lastHeard;
  }

  #light(): void {
    this.#set({ lamp: this.#lamp() });
  }

  #lamp(): Lamp {
    if (this.#state.signedOut || this.#state.superseded) return "offline";
    const silence = this.#silence();
    if (silence > DEAD_AFTER_MS) return "offline";
    if (this.#seq === null && this.#state.transport === null) return "connecting";
    return this.#state.transport === "socket" && silence <= DEGRADED_AFTER_MS ? "live" : "degraded";
  }

  #emit(event: StreamEvent): void {
    for (const listener of this.#events) listener(event);
  }

  #set(change: Partial<StreamState>): void {
    const keys = Object.keys(change) as (keyof StreamState)[];
    if (keys.every((key) => this.#state[key] === change[key])) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
