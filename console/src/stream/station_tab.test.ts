import { describe, expect, it } from "vitest";
import { StationTab, type TabPorts } from "./station_tab";

interface FakeChannel { onmessage: ((event: MessageEvent) => void) | null; postMessage: (word: unknown) => void; close: () => void }

/** Tabs of one browser that only have a broadcast channel. */
function browser() {
  const channels = new Set<FakeChannel>();
  const timers: (() => void)[] = [];
  const ports = (tab: string): TabPorts => ({
    locks: undefined,
    tab,
    later: (_, run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
    openChannel: () => {
      const own: FakeChannel = {
        onmessage: null,
        postMessage: (data) => {
          for (const other of channels) if (other !== own) other.onmessage?.({ data } as MessageEvent);
        },
        close: () => channels.delete(own),
      };
      channels.add(own);
      return own as unknown as BroadcastChannel;
    },
  });
  return { tab: (name: string) => new StationTab("psn_1", ports(name)), timePasses: () => timers.splice(0).forEach((run) => run()) };
}

/** A lock manager as far as the station needs it: one holder, a queue, stealing. */
class FakeLocks {
  #holder: { reject: (reason: unknown) => void } | null = null;
  #queue: { grant: () => void; signal: AbortSignal | undefined }[] = [];

  request = ((_: string, options: LockOptions, run: (lock: Lock | null) => unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const grant = () => {
        const me = { reject };
        this.#holder = me;
        Promise.resolve(run({} as Lock)).then(() => {
          if (this.#holder === me) this.#next();
          resolve(undefined);
        }, reject);
      };
      if (options.steal === true) {
        this.#holder?.reject(new DOMException("stolen", "AbortError"));
        return grant();
      }
      if (this.#holder === null) return grant();
      if (options.ifAvailable === true) {
        Promise.resolve(run(null)).then(resolve, reject);
        return;
      }
      options.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
      this.#queue.push({ grant, signal: options.signal });
    })) as LockManager["request"];

  #next() {
    this.#holder = null;
    const next = this.#queue.find((each) => each.signal?.aborted !== true);
    this.#queue = this.#queue.filter((each) => each !== next);
    next?.grant();
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("with locks", () => {
  const open = (locks: FakeLocks, name: string) =>
    new StationTab("psn_1", { locks, tab: name, later: () => () => undefined, openChannel: () => { throw new Error("not needed"); } });

  it("the first tab is the station, the second one says so, and gets it when the first closes", async () => {
    const locks = new FakeLocks();
    const [first, second] = [open(locks, "a"), open(locks, "b")];
    first.claim();
    second.claim();
    await settle();
    expect([first.state(), second.state()]).toEqual(["mine", "elsewhere"]);
    first.close();
    await settle();
    expect(second.state()).toBe("mine");
  });

  it("taking over makes the other tab stop, and it gets the station back when this one closes", async () => {
    const locks = new FakeLocks();
    const [first, second] = [open(locks, "a"), open(locks, "b")];
    first.claim();
    second.claim();
    await settle();
    second.takeOver();
    await settle();
    expect([first.state(), second.state()]).toEqual(["elsewhere", "mine"]);
    second.close();
    await settle();
    expect(first.state()).toBe("mine");
  });
});

describe("without locks", () => {
  it("the first tab is the station, the second one says so, and gets it when the first closes", () => {
    const { tab, timePasses } = browser();
    const [first, second] = [tab("a"), tab("b")];
    first.claim();
    timePasses();
    second.claim();
    timePasses();
    expect([first.state(), second.state()]).toEqual(["mine", "elsewhere"]);
    first.close();
    timePasses();
    expect(second.state()).toBe("mine");
  });

  it("of two tabs that open at once exactly one is the station", () => {
    const { tab, timePasses } = browser();
    const [first, second] = [tab("a"), tab("b")];
    second.claim();
    first.claim();
    timePasses();
    expect([first.state(), second.state()].sort()).toEqual(["elsewhere", "mine"]);
  });

  it("taking over makes the other tab stop", () => {
    const { tab, timePasses } = browser();
    const [first, second] = [tab("a"), tab("b")];
    first.claim();
    timePasses();
    second.claim();
    timePasses();
    second.takeOver();
    expect([first.state(), second.state()]).toEqual(["elsewhere", "mine"]);
  });
});
