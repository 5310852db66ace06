import { beforeEach, describe, expect, it, vi } from "vitest";
import { DraftKeeper } from "./draft";
import { ImageShelf } from "./image_shelf";

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("the image shelf", () => {
  let answers: Map<string, number>;
  let fetched: string[];
  let revoked: string[];
  let timers: (() => void)[];
  let shelf: ImageShelf;
  const wanted = (name: string) => ({ name, url: `/links/${name}`, fresh: () => Promise.resolve(`/links/${name}-fresh`) });

  beforeEach(() => {
    answers = new Map();
    fetched = [];
    revoked = [];
    timers = [];
    shelf = new ImageShelf({
      fetch: (url) => {
        fetched.push(url);
        return Promise.resolve(new Response("image", { status: answers.get(url) ?? 200 }));
      },
      objectUrl: () => `blob:${String(fetched.length)}`,
      revoke: (url) => revoked.push(url),
      warm: () => Promise.resolve(),
      later: (_, run) => {
        timers.push(run);
        return () => undefined;
      },
    });
  });

  it("fetches every image once, however often it is wanted", async () => {
    shelf.keep([wanted("a"), wanted("b")]);
    await settle();
    shelf.keep([wanted("b"), wanted("c")]);
    await settle();
    expect(fetched).toEqual(["/links/a", "/links/b", "/links/c"]);
    expect(shelf.look("b").state).toBe("ready");
  });

  it("lets go of what is no longer wanted", async () => {
    shelf.keep([wanted("a")]);
    await settle();
    const { src } = shelf.look("a");
    shelf.clear();
    expect(revoked).toEqual([src]);
    expect(shelf.look("a")).toEqual({ state: "loading", src: null });
  });

  it("asks for a fresh link when the link was used already", async () => {
    answers.set("/links/a", 410);
    shelf.keep([wanted("a")]);
    await settle();
    expect(fetched).toEqual(["/links/a", "/links/a-fresh"]);
    expect(shelf.look("a").state).toBe("ready");
  });

  it("says broken after four attempts, and tries again when asked", async () => {
    for (const url of ["/links/a", "/links/a-fresh"]) answers.set(url, 500);
    shelf.keep([wanted("a")]);
    for (let round = 0; round < 6; round += 1) {
      await settle();
      timers.splice(0).forEach((run) => run());
    }
    expect(shelf.look("a").state).toBe("broken");
    expect(fetched).toHaveLength(4);
    answers.clear();
    shelf.again(wanted("a"));
    await settle();
    expect(shelf.look("a").state).toBe("ready");
  });
});

describe("a draft", () => {
  it("goes to the server once in two seconds, the latest text only", async () => {
    vi.useFakeTimers();
    const save = vi.fn(() => Promise.resolve());
    const keeper = new DraftKeeper<string>(save, (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    });
    keeper.note("1");
    keeper.note("12");
    await vi.advanceTimersByTimeAsync(1999);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(save.mock.calls).toEqual([["12"]]);
    keeper.note("123");
    keeper.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(save).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });

  it("that did not arrive is sent again", async () => {
    vi.useFakeTimers();
    const save = vi.fn<(text: string) => Promise<void>>().mockRejectedValueOnce(new Error("line")).mockResolvedValue();
    const keeper = new DraftKeeper<string>(save, (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    });
    keeper.note("1");
    await vi.advanceTimersByTimeAsync(4100);
    expect(save.mock.calls).toEqual([["1"], ["1"]]);
    vi.useRealTimers();
  });
});
