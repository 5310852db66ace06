// One tab per person is the station: two would be two pairs of hands for the same leases.
// The same agreement decides which tab of a browser holds the work stream.
// The Web Locks API decides where it exists; on plain-HTTP intranets, where it does not, tabs agree over a broadcast channel.

/** `mine`: this tab is the station. `elsewhere`: another one is. */
export type TabState = "asking" | "mine" | "elsewhere";

type Word = { kind: "who" | "mine" | "taken" | "free"; tab: string };

/** How long the other tabs have to say that they are the station. */
const ANSWER_MS = 250;

export interface TabPorts {
  /** Absent outside secure contexts. */
  locks: Pick<LockManager, "request"> | undefined;
  openChannel: (name: string) => Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;
  later: (ms: number, run: () => void) => () => void;
  tab: string;
}

export class StationTab {
  #ports: TabPorts;
  #name: string;
  #state: TabState = "asking";
  #listeners = new Set<() => void>();
  #release: (() => void) | null = null;
  #waiting: AbortController | null = null;
  #channel: ReturnType<TabPorts["openChannel"]> | null = null;
  #cancel: (() => void) | null = null;
  #closed = false;

  /** `role` names what is agreed on; tabs agree within one role. */
  constructor(role: string, ports: TabPorts) {
    this.#name = `shuniu.tab.${role}`;
    this.#ports = ports;
  }

  state = (): TabState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Becomes the station when no other tab is; else waits until that one closes. */
  claim(): void {
    this.#closed = false;
    if (this.#ports.locks !== undefined) this.#request({ ifAvailable: true });
    else this.#ask();
  }

  /** Becomes the station at once; the other tab learns of it and stops. */
  takeOver(): void {
    this.#waiting?.abort();
    this.#waiting = null;
    this.#closed = false;
    if (this.#ports.locks !== undefined) return this.#request({ steal: true });
    this.#join();
    this.#say("taken");
    this.#become("mine");
  }

  close(): void {
    this.#closed = true;
    this.#waiting?.abort();
    this.#waiting = null;
    this.#release?.();
    this.#release = null;
    this.#cancel?.();
    const wasMine = this.#state === "mine";
    this.#state = "asking";
    if (this.#channel !== null) this.#channel.onmessage = null;
    if (wasMine) this.#say("free");
    this.#channel?.close();
    this.#channel = null;
  }

  #request(options: LockOptions): void {
    const held = this.#ports.locks?.request(this.#name, options, (lock) => {
      if (lock === null) {
        this.#become("elsewhere");
        this.#waitForIt();
        return undefined;
      }
      if (this.#closed) return undefined;
      this.#become("mine");
      return new Promise<void>((resolve) => {
        this.#release = resolve;
      });
    });
    held?.catch((reason: unknown) => {
      // Stolen by the other tab, or no longer waited for because this one takes it over.
      if (!(reason instanceof DOMException && reason.name === "AbortError")) throw reason;
      if (this.#closed || options.signal !== undefined) return;
      this.#release = null;
      this.#become("elsewhere");
      this.#waitForIt();
    });
  }

  #waitForIt(): void {
    if (this.#closed) return;
    this.#waiting = new AbortController();
    this.#request({ signal: this.#waiting.signal });
  }

  #join(): void {
    if (this.#channel !== null) return;
    const channel = this.#ports.openChannel(this.#name);
    this.#channel = channel;
    channel.onmessage = (event: MessageEvent<Word>) => this.#hear(event.data);
  }

  #ask(): void {
    this.#join();
    this.#say("who");
    this.#cancel = this.#ports.later(ANSWER_MS, () => {
      if (this.#state === "asking") this.#become("mine");
    });
  }

  #hear(word: Word): void {
    switch (word.kind) {
      case "who":
        // Of two tabs that ask at the same time the one with the smaller name goes first.
        if (this.#state === "mine" || (this.#state === "asking" && this.#ports.tab < word.tab)) return this.#say("mine");
        return this.#become("elsewhere");
      case "mine":
      case "taken":
        return this.#become("elsewhere");
      case "free":
        if (this.#state !== "elsewhere") return;
        this.#become("asking");
        this.#say("who");
        this.#cancel = this.#ports.later(ANSWER_MS, () => {
          if (this.#state === "asking") this.#become("mine");
        });
    }
  }

  #say(kind: Word["kind"]): void {
    this.#channel?.postMessage({ kind, tab: this.#ports.tab } satisfies Word);
  }

  #become(state: TabState): void {
    if (this.#state === state || this.#closed) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
