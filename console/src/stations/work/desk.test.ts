import { beforeEach, describe, expect, it } from "vitest";
import { ApiProblem, OfflineError, type Intent } from "@/api/client";
import { hello, lease, StreamWorld } from "@/stream/testing";
import { Desk } from "./desk";
import { Outbox } from "./outbox";

let world: StreamWorld;
let desk: Desk;
let outbox: Outbox;
let online: boolean;
let timers: (() => void)[];
let calls: { id: string; fence: number; key: string; answer: (outcome?: unknown) => void }[];

beforeEach(() => {
  world = new StreamWorld();
  world.stream.start();
  online = true;
  timers = [];
  calls = [];
  outbox = new Outbox({
    online: () => online,
    later: (_, run) => {
      timers.push(run);
      return () => timers.splice(timers.indexOf(run), 1);
    },
  });
  desk = new Desk(world.stream, outbox, ["keying"]);
  desk.open();
  world.says(hello(1, [lease("a"), lease("b"), lease("c")]));
});

const commit = (regret = false) =>
  desk.commit((held, intent: Intent) => new Promise((resolve, reject) => {
    calls.push({
      id: held.work_item_id, fence: held.fence, key: intent.key,
      answer: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)),
    });
  }), { regret });
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const timePasses = () => timers.splice(0).forEach((run) => run());
const inHand = () => desk.state().current?.work_item_id ?? null;
const behind = () => desk.state().upcoming.map((each) => each.work_item_id);
const refusal = (code: string, status = 409) => new ApiProblem(status, { code, title_zh: "拒绝", title_en: "refused" }, null);

describe("the work in hand", () => {
  it("is the first lease, the others lie ready", () => {
    expect([inHand(), behind()]).toEqual(["a", ["b", "c"]]);
  });

  it("stays in hand when other work comes or goes", () => {
    world.says({ seq: 2, type: "released", work_item_id: "b", why: "withdrawn" });
    world.says({ seq: 3, type: "assigned", lease: lease("d") });
    expect([inHand(), behind()]).toEqual(["a", ["c", "d"]]);
    expect(desk.state().notice).toBeNull();
  });

  it("is told to the server once it is on the screen, the prefetched one is not", () => {
    expect(world.last.sent.map((text) => JSON.parse(text).work_item_id)).toEqual(["a"]);
    commit();
    expect(world.last.sent.map((text) => JSON.parse(text).work_item_id)).toEqual(["a", "b"]);
  });

  it("lost to the server is told with its reason and followed by the next", () => {
    world.says({ seq: 2, type: "released", work_item_id: "a", why: "expired" });
    expect(desk.state().notice).toMatchObject({ kind: "lost", why: "expired" });
    expect(inHand()).toBe("b");
  });

  it("of another station's queue is none", () => {
    world.says({ seq: 2, type: "assigned", lease: { ...lease("x"), queue: "checking" } });
    expect(behind()).toEqual(["b", "c"]);
  });
});

describe("a commit", () => {
  it("shows the next work before the server has answered", () => {
    commit();
    expect([inHand(), behind(), desk.state().sending]).toEqual(["b", ["c"], 1]);
  });

  it("counts when the server has taken it", async () => {
    commit();
    calls[0]?.answer();
    await settle();
    expect([desk.state().done, desk.state().sending]).toEqual([1, 0]);
    expect(world.stream.state().leases.map((each) => each.work_item_id)).toEqual(["b", "c"]);
  });

  it("refused comes back as the next work, with the server's sentence, and not in the middle of the present one", async () => {
    commit();
    calls[0]?.answer(refusal("wrong_state"));
    await settle();
    expect([inHand(), behind()]).toEqual(["b", ["a", "c"]]);
    expect(desk.state().notice).toMatchObject({ kind: "refused", workItemId: "a" });
    commit();
    expect(inHand()).toBe("a");
  });

  it("refused because the lease is lost does not come back", async () => {
    commit();
    calls[0]?.answer(refusal("lease_lost"));
    await settle();
    expect([inHand(), behind()]).toEqual(["b", ["c"]]);
    expect(desk.state().notice).toMatchObject({ kind: "refused" });
  });

  it("whose answer was lost is repeated under the same key, with the fence of the day", async () => {
    commit();
    calls[0]?.answer(new OfflineError("line"));
    await settle();
    world.says({ seq: 2, type: "assigned", lease: lease("a", 7) });
    timePasses();
    expect(calls.map((call) => [call.id, call.fence])).toEqual([["a", 1], ["a", 7]]);
    expect(calls[1]?.key).toBe(calls[0]?.key);
  });

  it("that the server could not take now is tried again", async () => {
    commit();
    calls[0]?.answer(refusal("unavailable", 503));
    await settle();
    timePasses();
    expect(calls).toHaveLength(2);
    expect(desk.state().notice).toBeNull();
  });

  it("released by the server while under way is no loss", () => {
    commit();
    world.says({ seq: 2, type: "released", work_item_id: "a", why: "done" });
    expect(desk.state().notice).toBeNull();
    expect(inHand()).toBe("b");
  });
});

describe("taking back", () => {
  it("works while the line is down and nothing has left", () => {
    online = false;
    commit();
    expect(desk.takeBack()).toBe(true);
    expect([inHand(), behind()]).toEqual(["a", ["b", "c"]]);
    expect(calls).toHaveLength(0);
  });

  it("is refused once an attempt was made, answered or not", async () => {
    commit();
    calls[0]?.answer(new OfflineError("line"));
    await settle();
    expect(desk.takeBack()).toBe(false);
    expect(desk.state().notice).toMatchObject({ kind: "too_late" });
    expect(inHand()).toBe("b");
  });
});

describe("second thoughts", () => {
  it("keep a commit here until their time is over", () => {
    commit(true);
    expect([inHand(), calls.length]).toEqual(["b", 0]);
    expect(desk.state()).toMatchObject({ regret: true, mayTakeBack: true, sending: 0 });
    timePasses();
    expect(calls.map((call) => call.id)).toEqual(["a"]);
    expect(desk.state()).toMatchObject({ regret: false, mayTakeBack: false, sending: 1 });
  });

  it("bring the work back into the hand, and it leaves once, as it was committed the second time", () => {
    commit(true);
    expect(desk.takeBack()).toBe(true);
    expect([inHand(), behind()]).toEqual(["a", ["b", "c"]]);
    timePasses();
    expect(calls).toHaveLength(0);
    commit(true);
    timePasses();
    expect(calls.map((call) => call.id)).toEqual(["a"]);
  });

  it("end with the next commit, so that one piece of work at most is held", () => {
    commit(true);
    commit(true);
    expect(calls.map((call) => call.id)).toEqual(["a"]);
    expect(desk.takeBack()).toBe(true);
    expect(inHand()).toBe("b");
    expect(desk.takeBack()).toBe(false);
  });

  it("end when the person leaves", () => {
    commit(true);
    desk.sendNow();
    desk.sendNow();
    expect(calls.map((call) => call.id)).toEqual(["a"]);
  });

  it("do not send while the line is down, and then send once", () => {
    commit(true);
    online = false;
    timePasses();
    expect(calls).toHaveLength(0);
    expect(desk.state().mayTakeBack).toBe(true);
    online = true;
    outbox.flush();
    timePasses();
    expect(calls.map((call) => call.id)).toEqual(["a"]);
  });
});

it("sends what waited when the line is back, each once", async () => {
  online = false;
  commit();
  commit();
  expect(calls).toHaveLength(0);
  online = true;
  outbox.flush();
  outbox.flush();
  expect(calls.map((call) => call.id)).toEqual(["a", "b"]);
});

it("takes up nothing new while a break is wanted after this one", () => {
  desk.hold(true);
  expect(inHand()).toBe("a");
  commit();
  expect(inHand()).toBeNull();
  desk.hold(false);
  expect(inHand()).toBe("b");
});

it("passes a supervisor's message on", () => {
  world.says({ seq: 2, type: "message", text_zh: "请加快", text_en: "Please hurry", from: "王主管" });
  expect(desk.state().notice).toMatchObject({ kind: "message", from: "王主管" });
  desk.dismiss();
  expect(desk.state().notice).toBeNull();
});
