// One person's desk: the work in hand, the work that lies ready behind it, and what is on its way to the server.
//
// Invariants: the work in hand changes only when it is committed, lost, or handed back, never because something else came;
// work that the server refused comes back as the next one, never in the middle of another;
// a lost lease is told, with its reason.
// Deliberately absent: what a commit contains. The stations know that.

import { ApiProblem, type Intent } from "@/api/client";
import type { Lease, QueueName } from "@/api/types";
import type { StreamEvent, WorkStream } from "@/stream/client";
import type { Outbox } from "./outbox";

export type Notice =
  | { kind: "refused"; workItemId: string; problem: unknown }
  | { kind: "lost"; workItemId: string; why: string }
  | { kind: "message"; zh: string; en: string; from: string }
  | { kind: "taken_back" }
  | { kind: "too_late" };

export interface DeskState {
  current: Lease | null;
  upcoming: readonly Lease[];
  /** Commits on their way without an answer yet. */
  sending: number;
  /** The last commit waits some seconds for second thoughts before it leaves. */
  regret: boolean;
  /** The last commit can be taken back: nothing of it has left. */
  mayTakeBack: boolean;
  /** Acts that the server has taken since the desk was opened. */
  done: number;
  /** The latest thing to tell; `at` grows with each. */
  notice: (Notice & { at: number }) | null;
  /** No new work is taken up: a break is wanted after this one. */
  holding: boolean;
}

/** How long a commit waits for second thoughts, unless the next commit comes first. */
export const REGRET_MS = 5000;

interface CommitOptions {
  /** Handing back is no work done, so it does not count. */
  counts?: boolean;
  /** Whether it can be taken back for a while; not where a customer waits for it. */
  regret?: boolean;
}

const LOST = new Set(["lease_lost", "not_your_work", "separation_of_duties", "not_found"]);

export class Desk {
  #stream: WorkStream;
  #outbox: Outbox;
  #queues: readonly QueueName[];
  #state: DeskState = { current: null, upcoming: [], sending: 0, regret: false, mayTakeBack: false, done: 0, notice: null, holding: false };
  #listeners = new Set<() => void>();
  #committed = new Set<string>();
  /** Work that came back; it goes before the rest. */
  #returned: readonly string[] = [];
  #acknowledged = new Set<string>();
  #notices = 0;

  constructor(stream: WorkStream, outbox: Outbox, queues: readonly QueueName[]) {
    this.#stream = stream;
    this.#outbox = outbox;
    this.#queues = queues;
  }

  state = (): DeskState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  open(): () => void {
    const stops = [
      this.#stream.subscribe(() => this.#arrange()),
      this.#stream.onEvent((event) => this.#hear(event)),
      this.#outbox.subscribe(() => this.#arrange()),
    ];
    this.#arrange();
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Sends the work in hand on its way and takes up the next one at once. */
  commit(send: (lease: Lease, intent: Intent) => Promise<unknown>, { counts = true, regret = false }: CommitOptions = {}): void {
    const lease = this.#state.current;
    if (lease === null) return;
    const id = lease.work_item_id;
    this.#committed.add(id);
    this.#returned = this.#returned.filter((other) => other !== id);
    this.#set({ notice: null });
    this.#outbox.put({
      id,
      ...(regret ? { holdMs: REGRET_MS } : {}),
      // The fence is read at each attempt: after a break of the line the same person may hold the work under a new one.
      send: (intent) => send(this.#stream.state().leases.find((held) => held.work_item_id === id) ?? lease, intent),
      onDone: () => {
        this.#stream.settle(id);
        this.#committed.delete(id);
        if (counts) this.#set({ done: this.#state.done + 1 });
        this.#arrange();
      },
      onRefused: (problem) => this.#bringBack(id, problem),
    });
    this.#arrange();
  }

  /** Takes the last commit back while nothing of it has left; says so either way. */
  takeBack(): boolean {
    const id = this.#outbox.takeBack();
    if (id === null) {
      this.#tell({ kind: "too_late" });
      return false;
    }
    this.#committed.delete(id);
    this.#returned = [id, ...this.#returned];
    // Asked for by the person, so it may replace the work in hand, which stays first in line.
    this.#arrange(id);
    this.#tell({ kind: "taken_back" });
    return true;
  }

  /** Sends what waits for second thoughts: nobody will be here to have them. */
  sendNow(): void {
    this.#outbox.release();
  }

  hold(holding: boolean): void {
    this.#set({ holding });
    this.#arrange();
  }

  dismiss(): void {
    this.#set({ notice: null });
  }

  #bringBack(id: string, problem: unknown): void {
    this.#committed.delete(id);
    const lost = problem instanceof ApiProblem && LOST.has(problem.code);
    if (lost) this.#stream.settle(id);
    else this.#returned = [...this.#returned, id];
    this.#tell({ kind: "refused", workItemId: id, problem });
    this.#arrange();
  }

  #hear(event: StreamEvent): void {
    if (event.type === "message") this.#tell({ kind: "message", zh: event.text_zh, en: event.text_en, from: event.from });
    if (event.type !== "released" || this.#committed.has(event.workItemId)) return;
    if (event.workItemId === this.#state.current?.work_item_id) this.#tell({ kind: "lost", workItemId: event.workItemId, why: event.why });
    this.#arrange();
  }

  #arrange(inHand = this.#state.current?.work_item_id): void {
    const mine = this.#stream.state().leases.filter((lease) => this.#queues.includes(lease.queue) && !this.#committed.has(lease.work_item_id));
    const back = this.#returned.flatMap((id) => mine.filter((lease) => lease.work_item_id === id));
    const line = [...back, ...mine.filter((lease) => !back.includes(lease))];
    const kept = line.find((lease) => lease.work_item_id === inHand);
    const current = kept ?? (this.#state.holding ? null : (line[0] ?? null));
    const upcoming = line.filter((lease) => lease !== current);
    if (current !== null && !this.#acknowledged.has(`${current.work_item_id} ${String(current.fence)}`)) {
      this.#acknowledged.add(`${current.work_item_id} ${String(current.fence)}`);
      this.#stream.acknowledge(current);
    }
    this.#set({ current, upcoming, sending: this.#outbox.size(), regret: this.#outbox.isHolding(), mayTakeBack: this.#outbox.mayTakeBack() });
  }

  #tell(notice: Notice): void {
    this.#notices += 1;
    this.#set({ notice: { ...notice, at: this.#notices } });
  }

  #set(change: Partial<DeskState>): void {
    const before = this.#state;
    const next = { ...before, ...change };
    const same = next.upcoming.length === before.upcoming.length && next.upcoming.every((lease, index) => lease === before.upcoming[index]);
    if (same) next.upcoming = before.upcoming;
    if ((Object.keys(next) as (keyof DeskState)[]).every((key) => next[key] === before[key])) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}
