// The supervisor's view of work, and one's own day.
import { command, get, type Intent } from "./client";
import type { Board, Listing, OwnDay, WorkItem } from "./types";

export const readBoard = (signal?: AbortSignal) => get<Board>("/work/board", {}, signal);

export const readOwnDay = (signal?: AbortSignal) => get<OwnDay>("/work/own-day", {}, signal);

export const readWorkItems = async (
  filter: { queue?: string | undefined; state?: string | undefined },
  cursor: string | undefined,
  limit: number,
  signal?: AbortSignal,
): Promise<Listing<WorkItem>> => {
  const answer = await get<WorkItem[] | Listing<WorkItem>>("/work/items", { ...filter, limit, cursor }, signal);
  return Array.isArray(answer) ? { items: answer, next: null } : answer;
};

export const reassign = (work: string, person_id: string, reason: string, intent: Intent) =>
  command<undefined>("POST", `/work/items/${work}/reassign`, { person_id, reason }, { intent });

export const setPriority = (work: string, priority_class: number, reason: string, intent: Intent) =>
  command<undefined>("POST", `/work/items/${work}/priority`, { priority_class, reason }, { intent });
