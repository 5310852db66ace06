import { beforeEach, describe, expect, it } from "vitest";
import { delayBefore } from "./backoff";
import { hello, lease, PRESENCE, StreamWorld } from "./testing";

let world: StreamWorld;
beforeEach(() => {
  world = new StreamWorld();
  world.stream.start();
});

const held = () => world.stream.state().leases.map((each) => [each.work_item_id, each.fence]);

describe("a greeting", () => {
  it("brings presence and leases, and the lamp goes live", () => {
    expect(world.stream.state().lamp).toBe("connecting");
    world.says(hello(7, [lease("wi_1")]));
    expect(world.stream.state()).toMatchObject({ lamp: "live", transport: "socket", presence: PRESENCE });
    expect(held()).toEqual([["wi_1", 1]]);
  });

  it("after a break names what is still held; what it does not name is lost and said to be", async () => {
    world.says(hello(1, [lease("wi_1"), lease("wi_2")]));
    world.last.onClosed();
    await world.passes(1);
    world.says(hello(40, [lease("wi_2", 2), lease("wi_3")]));
    expect(held()).toEqual([["wi_2", 2], ["wi_3", 1]]);
    expect(world.events).toEqual([{ type: "released", workItemId: "wi_1", why: "connection_lost" }]);
  });
});

describe("frames", () => {
  it("are applied in order", () => {
    world.says(hello(1, []));
    world.says({ seq: 2, type: "assigned", lease: lease("wi_1") });
    world.says({ seq: 3, type: "released", work_item_id: "wi_1", why: "withdrawn" });
    world.says({ seq: 4, type: "presence", presence: { ...PRESENCE, state: "break", reason: "meal" } });
    expect(held()).toEqual([]);
    expect(world.events).toEqual([{ type: "released", workItemId: "wi_1", why: "withdrawn" }]);
    expect(world.stream.state().presence?.reason).toBe("meal");
  });

  it("that come twice count once", () => {
    world.says(hello(1, []));
    world.says({ seq: 2, type: "message", text_zh: "请注意", text_en: "Note", from: "Wang" });
    world.says({ seq: 2, type: "message", text_zh: "请注意", text_en: "Note", from: "Wang" });
    expect(world.events).toHaveLength(1);
  });

  it("of an unknown kind are passed over without being a gap", () => {
    world.says(hello(1, []));
    world.says({ seq: 2, type: "weather", mood: "fine" });
    world.says({ seq: 3, type: "assigned", lease: lease("wi_1") });
    expect(held()).toEqual([["wi_1", 1]]);
    expect(world.connections).toHaveLength(1);
  });

  it("with an older fence change nothing", () => {
    world.says(hello(1, [lease("wi_1", 5)]));
    world.says({ seq: 2, type: "assigned", lease: lease("wi_1", 4) });
    expect(held()).toEqual([["wi_1", 5]]);
  });
});

describe("a gap", () => {
  it("asks for what is missing", async () => {
    world.says(hello(1, []));
    world.says({ seq: 3, type: "assigned", lease: lease("wi_1") });
    expect(held()).toEqual([]);
    await world.passes(1);
    expect(world.last.query).toBe("?resume=1");
    world.says(hello(3, [], true));
    world.says({ seq: 2, type: "board" });
    world.says({ seq: 3, type: "assigned", lease: lease("wi_1") });
    expect(held()).toEqual([["wi_1", 1]]);
  });

  it("that resuming does not fill leads to a fresh greeting, not to a circle", async () => {
    world.says(hello(1, []));
    world.says({ seq: 3, type: "board" });
    await world.passes(1);
    world.says(hello(9, [], true));
    world.says({ seq: 10, type: "board" });
    await world.passes(1);
    expect(world.last.query).toBe("");
    world.says(hello(10, [lease("wi_1")]));
    world.says({ seq: 11, type: "board" });
    expect(world.connections).toHaveLength(3);
    expect(held()).toEqual([["wi_1", 1]]);
  });
});

describe("the heartbeat", () => {
  it("goes out every second and says whether somebody is there", async () => {
    world.says(hello(1, []));
    await world.passes(1);
    world.active = false;
    await world.passes(1);
    expect(world.last.sent.map((text) => JSON.parse(text).active)).toEqual([true, false]);
  });

  it("unanswered for four seconds ends the connection and resumes; the leases stay until the server has spoken", async () => {
    world.says(hello(1, [lease("wi_1")]));
    await world.passes(3);
    expect(world.stream.state().lamp).toBe("degraded");
    await world.passes(2);
    expect(world.stream.state().lamp).toBe("offline");
    expect(world.connections[0]?.closed).toBe(true);
    expect(held()).toEqual([["wi_1", 1]]);
    await world.passes(1);
    expect(world.last.query).toBe("?resume=1");
  });

  it("answered by a pong keeps the lamp live", async () => {
    world.says(hello(1, []));
    for (let second = 0; second < 6; second += 1) {
      await world.passes(1);
      world.says({ type: "pong", t: 1 });
    }
    expect(world.stream.state().lamp).toBe("live");
    expect(world.connections).toHaveLength(1);
  });
});

describe("the fallback", () => {
  beforeEach(async () => {
    world.last.onClosed();
    await world.passes(1);
    world.last.onClosed();
    await world.passes(1);
  });

  it("takes over after two sockets that never greeted", () => {
    expect(world.connections.map((each) => each.kind)).toEqual(["socket", "socket", "events"]);
    world.says(hello(1, [lease("wi_1")]));
    expect(world.stream.state()).toMatchObject({ transport: "events", lamp: "degraded" });
  });

  it("renews by POST and loses what the answer does not name", async () => {
    world.says(hello(1, [lease("wi_1"), lease("wi_2")]));
    world.answer = () => Promise.resolve({ leases: [{ work_item_id: "wi_2", fence: 1, expires_at: "2026-11-23T01:00:09Z" }] });
    await world.passes(1);
    expect(world.beats).toEqual([true]);
    expect(held()).toEqual([["wi_2", 1]]);
    expect(world.stream.state().leases[0]?.expires_at).toBe("2026-11-23T01:00:09Z");
    expect(world.events).toEqual([{ type: "released", workItemId: "wi_1", why: "expired" }]);
  });

  it("keeps a lease that came while the renewal was under way", async () => {
    world.says(hello(1, []));
    let answer: (beat: { leases: [] }) => void = () => undefined;
    world.answer = () => new Promise((resolve) => { answer = resolve; });
    await world.passes(1);
    world.says({ seq: 2, type: "assigned", lease: lease("wi_9") });
    answer({ leases: [] });
    await world.passes(1);
    expect(held()).toEqual([["wi_9", 1]]);
  });

  it("says at once by POST that work is on the screen, again until it was heard, and then no more", async () => {
    const mine = lease("wi_1", 3);
    world.says(hello(1, [mine]));
    world.answer = () => Promise.reject(new Error("the line is cut"));
    world.stream.acknowledge(mine);
    expect(world.shown).toEqual([[{ work_item_id: "wi_1", fence: 3 }]]);
    await world.passes(1);
    world.answer = () => Promise.resolve({ leases: [{ work_item_id: "wi_1", fence: 3, expires_at: "2026-11-23T01:00:09Z" }] });
    await world.passes(1);
    expect(world.shown.at(-1)).toEqual([{ work_item_id: "wi_1", fence: 3 }]);
    await world.passes(1);
    expect(world.shown.at(-1)).toEqual([]);
  });

  it("that gives way to a socket takes along what it could not say", async () => {
    const mine = lease("wi_1", 3);
    world.says(hello(1, [mine]));
    world.answer = () => Promise.reject(new Error("the line is cut"));
    world.stream.acknowledge(mine);
    await world.passes(31);
    const probe = world.last;
    world.says(hello(2, [mine]), probe);
    expect(probe.sent.map((text) => JSON.parse(text))).toContainEqual({ type: "ack", work_item_id: "wi_1", fence: 3 });
  });

  it("stops for good when the session has ended", async () => {
    world.says(hello(1, []));
    world.answer = () => Promise.resolve("signed_out");
    await world.passes(3);
    expect(world.stream.state()).toMatchObject({ signedOut: true, lamp: "offline" });
    expect(world.connections).toHaveLength(3);
  });

  it("tries a socket again after half a minute and moves over when it greets", async () => {
    world.says(hello(1, []));
    await world.passes(31);
    const probe = world.last;
    expect(probe.kind).toBe("socket");
    const fallback = world.connections[2];
    world.says(hello(2, [lease("wi_1")]), probe);
    // The server ends the older connection of the session; that changes nothing any more.
    fallback?.onClosed();
    expect(fallback?.closed).toBe(true);
    expect(world.stream.state()).toMatchObject({ transport: "socket", lamp: "live" });
    world.says({ seq: 3, type: "assigned", lease: lease("wi_2") }, probe);
    expect(held()).toEqual([["wi_1", 1], ["wi_2", 1]]);
    expect(world.last).toBe(probe);
  });
});

it("closes the connection when the page goes, and opens it when the page comes back", () => {
  world.says(hello(1, []));
  world.stream.stop();
  expect(world.last.closed).toBe(true);
  world.stream.start();
  expect(world.connections).toHaveLength(2);
});

describe("a connection that the server closes on purpose", () => {
  it("because the session has ended is not tried again", async () => {
    world.says(hello(1, []));
    world.alive = false;
    world.last.onClosed(1008);
    await world.passes(10);
    expect(world.stream.state()).toMatchObject({ signedOut: true, superseded: false });
    expect(world.connections).toHaveLength(1);
  });

  it("because another one of the session has come is not fought over, until it is wanted here", async () => {
    world.says(hello(1, []));
    world.last.onClosed(1008);
    await world.passes(10);
    expect(world.stream.state()).toMatchObject({ superseded: true, lamp: "offline" });
    expect(world.connections).toHaveLength(1);
    world.stream.wake();
    expect(world.connections).toHaveLength(2);
    expect(world.stream.state().superseded).toBe(false);
  });

  it("because the server restarts is opened again", async () => {
    world.says(hello(1, []));
    world.last.onClosed(1001);
    await world.passes(1);
    expect(world.connections).toHaveLength(2);
    expect(world.asked).toBe(0);
  });
});

it("finds out that the session has ended when no connection is let in", async () => {
  world.alive = false;
  world.last.onClosed(1006);
  await world.passes(3);
  expect(world.stream.state().signedOut).toBe(true);
  const opened = world.connections.length;
  world.last.onClosed(1006);
  await world.passes(20);
  expect(world.connections).toHaveLength(opened);
});

it("tries at once when the machine has its network back, and only once", async () => {
  world.says(hello(1, []));
  for (let failures = 0; failures < 4; failures += 1) {
    world.last.onClosed();
    await world.passes(6);
  }
  world.last.onClosed();
  const opened = world.connections.length;
  world.stream.wake();
  world.stream.wake();
  expect(world.connections).toHaveLength(opened + 1);
});

it("says that shown work is on the screen", () => {
  const mine = lease("wi_1", 3);
  world.says(hello(1, [mine]));
  world.stream.acknowledge(mine);
  expect(JSON.parse(world.last.sent[0] ?? "")).toEqual({ type: "ack", work_item_id: "wi_1", fence: 3 });
});

describe("waiting before the next attempt", () => {
  it("is short at first, doubles, and is bounded", () => {
    expect([0, 1, 2, 9].map((attempt) => delayBefore(attempt, () => 1))).toEqual([200, 400, 800, 5000]);
  });

  it("is spread by chance over its second half", () => {
    expect([delayBefore(3, () => 0), delayBefore(3, () => 1)]).toEqual([800, 1600]);
  });
});
