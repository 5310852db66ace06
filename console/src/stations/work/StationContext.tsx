// What every station has: its desk, its images, its presence, its voice.

import { useQuery } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";
import { newIntent } from "@/api/client";
import type { ChosenBreak, Lease, OwnDay, QueueName } from "@/api/types";
import { readOwnDay } from "@/api/work";
import { Sounds } from "@/kit/sounds";
import { later } from "@/stream/browser_ports";
import type { StreamState } from "@/stream/client";
import { useStreamState, useWorkStream } from "@/stream/WorkStreamProvider";
import { setPresence } from "./api";
import { Desk, type DeskState } from "./desk";
import { browserShelfPorts, ImageShelf } from "./image_shelf";
import { Outbox } from "./outbox";
import { isReady, phaseOf, type Phase } from "./phase";

export interface Station {
  queues: readonly QueueName[];
  stream: StreamState;
  desk: Desk;
  state: DeskState;
  phase: Phase;
  shelf: ImageShelf;
  sounds: Sounds;
  presence: PresenceActions;
  day: { done: number; today: OwnDay | undefined };
}

export interface PresenceActions {
  /** Ready now, or as soon as the line is up. */
  ready: () => void;
  /** Readiness was asked for before there was a line, and waits for it. */
  readyWanted: boolean;
  /** Away after the work in hand, or at once when there is none. */
  pause: (reason: ChosenBreak) => void;
  cancelPause: () => void;
  /** Signs out of the station; true when the server has taken it. */
  leave: () => Promise<boolean>;
  pauseWanted: ChosenBreak | null;
  changing: boolean;
  problem: unknown;
}

const StationContext = createContext<Station | null>(null);

export function useStation(): Station {
  const station = useContext(StationContext);
  if (station === null) throw new Error("useStation is for what stands inside a StationProvider");
  return station;
}

interface ProviderProps {
  queues: readonly QueueName[];
  capacity: number;
  /** Readiness was asked for before the station was there. */
  readyAhead?: boolean;
  children: ReactNode;
}

export function StationProvider({ queues, capacity, readyAhead = false, children }: ProviderProps) {
  const stream = useWorkStream();
  const streamState = useStreamState();
  const [sounds] = useState(() => new Sounds());
  const [shelf] = useState(() => new ImageShelf(browserShelfPorts(later)));
  const { desk, outbox } = useMemo(() => {
    const outbox = new Outbox({ online: () => stream.state().lamp !== "offline", later });
    return { outbox, desk: new Desk(stream, outbox, queues) };
  }, [stream, queues]);
  useEffect(() => desk.open(), [desk]);
  useEffect(() => () => shelf.clear(), [shelf]);
  const state = useSyncExternalStore(desk.subscribe, desk.state);
  useFlushWhenBack(outbox, streamState.lamp);
  useSendOnParting(desk);
  useKeepOpenWhileSending(state.sending);

  const presence = usePresence(desk, state, streamState, queues, capacity, sounds, readyAhead);
  const phase = phaseOf(streamState, state, presence.pauseWanted !== null, queues);
  useArrivalSound(phase, state.current, sounds);
  const day = useOwnDay(state.done);

  const station: Station = { queues, stream: streamState, desk, state, phase, shelf, sounds, presence, day };
  return <StationContext value={station}>{children}</StationContext>;
}

function usePresence(
  desk: Desk, state: DeskState, stream: StreamState, queues: readonly QueueName[], capacity: number, sounds: Sounds, readyAhead: boolean,
): PresenceActions {
  const connection = useWorkStream();
  const [pauseWanted, setPauseWanted] = useState<ChosenBreak | null>(null);
  const [changing, setChanging] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const change = useCallback(
    async (wanted: Parameters<typeof setPresence>[0]): Promise<boolean> => {
      setChanging(true);
      setProblem(null);
      try {
        connection.setPresence(await setPresence(wanted, newIntent()));
        return true;
      } catch (refused) {
        setProblem(refused);
        return false;
      } finally {
        setChanging(false);
      }
    },
    [connection],
  );

  const available = isReady(stream.presence, queues);
  useEffect(() => desk.hold(pauseWanted !== null || !available), [desk, pauseWanted, available]);

  const [readyWanted, setReadyWanted] = useState(readyAhead);
  const askForReady = useCallback(() => void change({ state: "ready", queues, capacity }), [change, queues, capacity]);
  const connected = stream.presence !== null;
  useEffect(() => {
    if (!readyWanted || !connected) return;
    setReadyWanted(false);
    if (!available) askForReady();
  }, [readyWanted, connected, available, askForReady]);

  // The break begins when nothing is in hand and nothing is on its way.
  const finishing = pauseWanted !== null && state.current === null;
  const begins = finishing && state.sending === 0 && !state.regret;
  useEffect(() => {
    if (finishing) desk.sendNow();
  }, [finishing, desk]);
  useEffect(() => {
    if (!begins) return;
    void change({ state: "break", reason: pauseWanted }).then(() => setPauseWanted(null));
  }, [begins, pauseWanted, change]);

  return {
    ready: () => {
      sounds.allow();
      if (connected) askForReady();
      else setReadyWanted(true);
    },
    readyWanted,
    pause: setPauseWanted,
    cancelPause: () => setPauseWanted(null),
    leave: () => change({ state: "signed_out" }),
    pauseWanted,
    changing,
    problem,
  };
}

function useFlushWhenBack(outbox: Outbox, lamp: StreamState["lamp"]) {
  useEffect(() => {
    if (lamp !== "offline" && outbox.size() > 0) outbox.flush();
  }, [outbox, lamp]);
}

/** Leaving the station ends the time of regret: what was committed leaves before the hold on its work is given up. */
function useSendOnParting(desk: Desk) {
  useEffect(() => {
    const part = () => desk.sendNow();
    window.addEventListener("pagehide", part);
    return () => {
      window.removeEventListener("pagehide", part);
      part();
    };
  }, [desk]);
}

/** The browser asks before it closes a page that still has something to send. */
function useKeepOpenWhileSending(sending: number) {
  useEffect(() => {
    if (sending === 0) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [sending]);
}

/** A sound when work ends the waiting; not for every next one. */
function useArrivalSound(phase: Phase, current: Lease | null, sounds: Sounds) {
  const before = useRef(phase);
  useEffect(() => {
    if ((before.current === "waiting" || before.current === "wrap_up") && phase === "working" && current !== null) sounds.play("arrived");
    before.current = phase;
  }, [phase, current, sounds]);
}

/** The server's count of the day, and what was done here since it was asked. */
function useOwnDay(done: number): Station["day"] {
  const [counted, setCounted] = useState(0);
  const latest = useRef(done);
  useEffect(() => {
    latest.current = done;
  });
  const { data } = useQuery({
    queryKey: ["own-day"],
    queryFn: async ({ signal }) => {
      const asked = latest.current;
      const day = await readOwnDay(signal);
      setCounted(asked);
      return day;
    },
    refetchInterval: 60_000,
  });
  return { done: (data?.done ?? 0) + done - counted, today: data };
}
