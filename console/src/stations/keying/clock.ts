// How one entry is timed: from the moment its slice is on the screen, with the keys that were pressed.

export class EntryClock {
  #shown: number | null = null;
  #keystrokes = 0;

  /** The slice of another piece of work comes on the screen. */
  reset(): void {
    this.#shown = null;
    this.#keystrokes = 0;
  }

  /** The image is there; only from now on can it be read. */
  shown(now: number): void {
    this.#shown ??= now;
  }

  pressed(): void {
    this.#keystrokes += 1;
  }

  read(now: number): { elapsed_ms: number; keystrokes: number } {
    return { elapsed_ms: this.#shown === null ? 0 : Math.round(now - this.#shown), keystrokes: this.#keystrokes };
  }
}
