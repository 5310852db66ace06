// Images of the work in hand and of the next ones, fetched once into memory: their links work once, for two minutes.
// Nothing is written to the browser's storage; what leaves the desk leaves the memory.

import { OfflineError } from "@/api/client";

export interface ShelfPorts {
  fetch: (url: string) => Promise<Response>;
  objectUrl: (blob: Blob) => string;
  revoke: (url: string) => void;
  /** Decodes ahead of time, so that showing the image costs one frame. */
  warm: (url: string) => Promise<void>;
  later: (ms: number, run: () => void) => () => void;
}

export interface Shelved {
  state: "loading" | "ready" | "broken";
  src: string | null;
}

/** What the shelf is asked to have: a stable name, the link that came with the work, and how to get a fresh one. */
export interface Wanted {
  name: string;
  url: string;
  fresh: () => Promise<string>;
}

const LOADING: Shelved = { state: "loading", src: null };
const RETRY_MS = 1500;
const ATTEMPTS = 4;

export class ImageShelf {
  #ports: ShelfPorts;
  #images = new Map<string, Shelved>();
  #listeners = new Set<() => void>();

  constructor(ports: ShelfPorts) {
    this.#ports = ports;
  }

  look(name: string | null): Shelved {
    return (name === null ? undefined : this.#images.get(name)) ?? LOADING;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Has exactly these: fetches what is new, in order, and drops the rest. */
  keep(wanted: readonly Wanted[]): void {
    const names = new Set(wanted.map((each) => each.name));
    for (const name of [...this.#images.keys()]) if (!names.has(name)) this.#drop(name);
    for (const each of wanted) {
      if (this.#images.has(each.name)) continue;
      this.#images.set(each.name, LOADING);
      this.#fetch(each, each.url, 1);
    }
  }

  /** Tries a broken image again with a fresh link. */
  again(wanted: Wanted): void {
    this.#put(wanted.name, LOADING);
    this.#refresh(wanted, 1);
  }

  clear(): void {
    this.keep([]);
  }

  #fetch(wanted: Wanted, url: string, attempt: number): void {
    this.#load(url).then(
      (src) => {
        if (this.#images.has(wanted.name)) this.#put(wanted.name, { state: "ready", src });
        else this.#ports.revoke(src);
      },
      () => this.#failed(wanted, attempt),
    );
  }

  #failed(wanted: Wanted, attempt: number): void {
    if (!this.#images.has(wanted.name)) return;
    if (attempt >= ATTEMPTS) return this.#put(wanted.name, { state: "broken", src: null });
    // The first failure is most often a link that was used or is too old; a fresh one is asked for at once.
    if (attempt === 1) return this.#refresh(wanted, attempt + 1);
    this.#ports.later(RETRY_MS, () => {
      if (this.#images.has(wanted.name)) this.#refresh(wanted, attempt + 1);
    });
  }

  #refresh(wanted: Wanted, attempt: number): void {
    wanted.fresh().then(
      (url) => this.#fetch(wanted, url, attempt),
      () => this.#failed(wanted, Math.max(2, attempt)),
    );
  }

  async #load(url: string): Promise<string> {
    const response = await this.#ports.fetch(url);
    if (!response.ok) throw new OfflineError(`image answered ${String(response.status)}`);
    const src = this.#ports.objectUrl(await response.blob());
    await this.#ports.warm(src);
    return src;
  }

  #drop(name: string): void {
    const { src } = this.look(name);
    if (src !== null) this.#ports.revoke(src);
    this.#images.delete(name);
  }

  #put(name: string, shelved: Shelved): void {
    this.#images.set(name, shelved);
    for (const listener of this.#listeners) listener();
  }
}

/** The ports in a real browser; a warm image is held by its decoded element until it is shown. */
export function browserShelfPorts(later: ShelfPorts["later"]): ShelfPorts {
  return {
    fetch: (url) => fetch(url, { credentials: "same-origin" }),
    objectUrl: (blob) => URL.createObjectURL(blob),
    revoke: (url) => URL.revokeObjectURL(url),
    warm: async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
    },
    later,
  };
}
