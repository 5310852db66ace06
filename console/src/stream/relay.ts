// The server keeps one stream per session, and all tabs of a browser share the session: one tab holds the stream, the others hear it from there.

import type { Relayed, WorkStream } from "./client";

type Word = Relayed | { ask: true };
type Channel = Pick<BroadcastChannel, "postMessage" | "close" | "onmessage">;

/** Tells the other tabs what the stream hears, and its lamp whenever it changes or somebody asks. Returns what ends it. */
export function relay(stream: WorkStream, channel: Channel): () => void {
  let lamp = stream.state().lamp;
  const say = (word: Word) => channel.postMessage(word);
  const stops = [
    // What is about work in hand concerns the station alone, which is the holder itself.
    stream.onEvent((event) => {
      if (event.type === "item" || event.type === "board") say({ event });
    }),
    stream.subscribe(() => {
      const now = stream.state().lamp;
      if (now === lamp) return;
      lamp = now;
      say({ lamp });
    }),
  ];
  channel.onmessage = (event: MessageEvent<Word>) => {
    if ("ask" in event.data) say({ lamp });
  };
  say({ lamp });
  return () => {
    for (const stop of stops) stop();
    channel.close();
  };
}

/** Hears what the holder's tab tells. Returns what ends it. */
export function follow(stream: WorkStream, channel: Channel): () => void {
  channel.onmessage = (event: MessageEvent<Word>) => {
    if (!("ask" in event.data)) stream.relayed(event.data);
  };
  channel.postMessage({ ask: true } satisfies Word);
  return () => channel.close();
}
