import { expect, it } from "vitest";
import { follow, relay } from "./relay";
import { hello, lease, StreamWorld } from "./testing";

interface Wire { onmessage: ((event: MessageEvent) => void) | null; postMessage: (data: unknown) => void; close: () => void }

/** Two ends of one broadcast channel. */
function wires(): [Wire, Wire] {
  const ends: Wire[] = [0, 1].map((own) => ({
    onmessage: null,
    postMessage: (data) => ends[1 - own]?.onmessage?.({ data } as MessageEvent),
    close: () => undefined,
  }));
  return [ends[0] as Wire, ends[1] as Wire];
}

it("another tab hears the news and shows the lamp of the tab that holds the stream, whichever came first", async () => {
  const [holder, follower] = [new StreamWorld(), new StreamWorld()];
  const [one, other] = wires();
  const stop = follow(follower.stream, other);
  holder.stream.start();
  relay(holder.stream, one);
  holder.says(hello(1, [lease("wi_1")]));
  holder.says({ seq: 2, type: "board" });
  expect(follower.stream.state().lamp).toBe("live");
  expect(follower.events).toEqual([{ seq: 2, type: "board" }]);
  expect(follower.stream.state().leases).toEqual([]);
  await holder.passes(5);
  expect(follower.stream.state().lamp).toBe("offline");
  stop();
});

it("a tab that opens later is told the lamp", () => {
  const [holder, follower] = [new StreamWorld(), new StreamWorld()];
  const [one, other] = wires();
  holder.stream.start();
  holder.says(hello(1, []));
  relay(holder.stream, one);
  follow(follower.stream, other);
  expect(follower.stream.state().lamp).toBe("live");
});

it("a tab that holds the stream itself listens to no other", () => {
  const world = new StreamWorld();
  world.stream.start();
  world.stream.relayed({ lamp: "live" });
  expect(world.stream.state().lamp).toBe("connecting");
});
