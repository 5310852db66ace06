// Commits that run behind: the next field has the focus at once, while the answer is still under way.
//
// Invariants: a parcel keeps its intent over every attempt, so that the server does it once;
// a parcel is taken back only while nothing of it has left; whatever the server refuses comes back to the person with the server's sentence.
// A parcel may be held for some seconds of regret; the next parcel sends it on its way, so that one parcel at most is held.

import { ApiProblem, newIntent, OfflineError, type Intent } from "@/api/client";

export interface Parcel {
  id: string;
  /** For how long it stays here, so that it can be taken back; it leaves at once without it. */
  holdMs?: number;
  send: (intent: Intent) => Promise<unknown>;
  onDone: () => void;
  onRefused: (problem: unknown) => void;
}

interface Waiting extends Parcel {
  intent: Intent;
  attempts: number;
  /** Whether an attempt is under way. */
  sending: boolean;
  /** Ends the wait of a parcel that is held; null once it may leave. */
  held: (() => void) | null;
}

export interface OutboxPorts {
  /** Whether it makes sense to try now; parcels wait while it is false. */
  online: () => boolean;
  later: (ms: number, run: () => void) => () => void;
}

const FIRST_MS = 500;
const CAP_MS = 8000;

export class Outbox {
  #ports: OutboxPorts;
  #parcels: readonly Waiting[] = [];
  #listeners = new Set<() => void>();
  #cancel: (() => void) | null = null;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  /** How many parcels are on their way without an answer yet. */
  size = (): number => this.#parcels.filter((parcel) => parcel.held === null).length;

  /** Whether a parcel is kept back for the moment. */
  isHolding = (): boolean => this.#parcels.some((parcel) => parcel.held !== null);

  /** Whether nothing of the last parcel has left yet. */
  mayTakeBack = (): boolean => this.#parcels.at(-1)?.attempts === 0;

  holds(id: string): boolean {
    return this.#parcels.some((parcel) => parcel.id === id);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  put(parcel: Parcel): void {
    if (this.holds(parcel.id)) return;
    this.release();
    const held = parcel.holdMs === undefined ? null : this.#ports.later(parcel.holdMs, () => this.release());
    this.#change([...this.#parcels, { ...parcel, intent: newIntent(), attempts: 0, sending: false, held }]);
    this.flush();
  }

  /** Lets go of what is held: the time of regret is over, or nobody will be here to regret. */
  release(): void {
    if (!this.isHolding()) return;
    for (const parcel of this.#parcels) {
      parcel.held?.();
      parcel.held = null;
    }
    this.#change([...this.#parcels]);
    this.flush();
  }

  /** The last parcel, when nothing of it has left yet; it is then no longer here. */
  takeBack(): string | null {
    const last = this.#parcels.at(-1);
    if (last === undefined || last.attempts > 0) return null;
    last.held?.();
    this.#change(this.#parcels.slice(0, -1));
    return last.id;
  }

  /** Tries whatever waits; called when the line is back. */
  flush(): void {
    if (this.#ports.online()) {
      for (const parcel of this.#parcels.filter((each) => !each.sending && each.held === null)) this.#send(parcel);
    } else this.#again(1);
  }

  #send(parcel: Waiting): void {
    parcel.sending = true;
    parcel.attempts += 1;
    // Told at once: from now on it cannot be taken back.
    this.#change(this.#parcels);
    parcel.send(parcel.intent).then(
      () => {
        this.#remove(parcel);
        parcel.onDone();
      },
      (problem: unknown) => {
        parcel.sending = false;
        if (mayPass(problem)) return this.#again(parcel.attempts);
        this.#remove(parcel);
        parcel.onRefused(problem);
      },
    );
  }

  #again(attempts: number): void {
    this.#cancel?.();
    this.#cancel = this.#ports.later(Math.min(CAP_MS, FIRST_MS * 2 ** (attempts - 1)), () => {
      this.#cancel = null;
      if (this.size() > 0) this.flush();
    });
  }

  #remove(parcel: Waiting): void {
    this.#change(this.#parcels.filter((other) => other !== parcel));
  }

  #change(parcels: readonly Waiting[]): void {
    this.#parcels = parcels;
    for (const listener of this.#listeners) listener();
  }
}

/** Whether the same call may succeed later: the line was down, or the server said that it could not now. */
function mayPass(problem: unknown): boolean {
  if (problem instanceof OfflineError) return true;
  return problem instanceof ApiProblem && (problem.status >= 500 || problem.status === 429);
}
