// The queues in the order in which an item meets them.
import type { QueueName } from "@/api/types";

export const QUEUES: readonly QueueName[] = ["keying", "third_keying", "checking", "refusal_review", "authorizing"];

export function inOrder<Row extends { queue: QueueName }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => QUEUES.indexOf(a.queue) - QUEUES.indexOf(b.queue));
}
