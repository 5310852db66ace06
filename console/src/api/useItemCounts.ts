// How many items are in each of some states, of those the person may see. Small figures: beyond the first page only that there are more.
import { useQueries } from "@tanstack/react-query";
import { readItems } from "./processing";
import type { ItemState } from "./types";

const counted = 50;

export interface ItemCount {
  state: ItemState;
  count: number;
  /** There are more than `count`. */
  more: boolean;
}

export function useItemCounts(states: readonly ItemState[]) {
  const queries = useQueries({
    queries: states.map((state) => ({
      queryKey: ["items", "count", state],
      queryFn: ({ signal }: { signal: AbortSignal }) => readItems({ state }, undefined, counted, signal),
      refetchInterval: 15_000,
    })),
  });
  const lists = queries.map((query) => query.data);
  const counts: ItemCount[] | undefined = lists.every((list) => list !== undefined)
    ? states.map((state, at) => ({ state, count: lists[at]?.items.length ?? 0, more: lists[at]?.next !== null }))
    : undefined;
  return {
    counts,
    /** Of a state of which nothing is known yet. */
    error: queries.find((query) => query.isError && query.data === undefined)?.error,
    retry: () => queries.forEach((query) => void query.refetch()),
  };
}
