// Whether somebody is there: what the heartbeat tells the server, which renews leases for people, not for open tabs.

const RECENT_INPUT_MS = 30_000;

export class Activity {
  #document: Document;
  #now: () => number;
  #lastInput = Number.NEGATIVE_INFINITY;

  constructor(document: Document, now: () => number) {
    this.#document = document;
    this.#now = now;
  }

  /** The page is visible, or was typed into within the last 30 s. */
  active(): boolean {
    return this.#document.visibilityState === "visible" || this.#now() - this.#lastInput < RECENT_INPUT_MS;
  }

  listen(): () => void {
    const heard = () => {
      this.#lastInput = this.#now();
    };
    const kinds = ["keydown", "pointerdown", "wheel"] as const;
    for (const kind of kinds) this.#document.addEventListener(kind, heard, { capture: true, passive: true });
    return () => {
      for (const kind of kinds) this.#document.removeEventListener(kind, heard, { capture: true });
    };
  }
}
