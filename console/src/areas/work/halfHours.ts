// Adds up the board's half hours for a chart.
import type { Board, QueueName } from "@/api/types";

export interface Series {
  /** Beginnings of the half hours, in order. */
  from: string[];
  arrived: number[];
  done: number[];
}

/** One queue's half hours, or all of them together. */
export function seriesOf(halfHours: Board["half_hours"], queue: QueueName | "all"): Series {
  const sums = new Map<string, { arrived: number; done: number }>();
  for (const half of halfHours) {
    if (queue !== "all" && half.queue !== queue) continue;
    const sum = sums.get(half.from) ?? { arrived: 0, done: 0 };
    sums.set(half.from, { arrived: sum.arrived + half.arrived, done: sum.done + half.done });
  }
  const rows = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return { from: rows.map(([from]) => from), arrived: rows.map(([, sum]) => sum.arrived), done: rows.map(([, sum]) => sum.done) };
}
