// Typed text survives a refresh, a lost session and a crash: every two seconds it goes to the server, and never to the browser's storage.

export class DraftKeeper<T> {
  #save: (draft: T) => Promise<unknown>;
  #later: (ms: number, run: () => void) => () => void;
  #pending: { draft: T } | null = null;
  #cancel: (() => void) | null = null;
  #saving = false;

  constructor(save: (draft: T) => Promise<unknown>, later: (ms: number, run: () => void) => () => void) {
    this.#save = save;
    this.#later = later;
  }

  /** Notes the latest draft; it leaves within two seconds. */
  note(draft: T): void {
    this.#pending = { draft };
    this.#cancel ??= this.#later(EVERY_MS, () => {
      this.#cancel = null;
      this.flush();
    });
  }

  flush(): void {
    const pending = this.#pending;
    if (pending === null || this.#saving) return;
    this.#pending = null;
    this.#saving = true;
    this.#save(pending.draft)
      // A draft that did not arrive is sent again with the next change, or after the next two seconds.
      .catch(() => {
        if (this.#pending === null) this.note(pending.draft);
      })
      .finally(() => {
        this.#saving = false;
        if (this.#pending !== null) this.note(this.#pending.draft);
      });
  }

  /** Nothing more is saved: the work was committed or lost. */
  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#pending = null;
  }
}

const EVERY_MS = 2000;
