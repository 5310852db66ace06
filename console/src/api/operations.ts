// The journal, the reports, and the machine's own background work.
import { command, get, type Intent } from "./client";
import type { DeadJob, JournalEntry, KeyingReport, Listing } from "./types";

export const readJournal = (filter: { subject?: string | undefined; actor?: string | undefined }, cursor: string | undefined, limit: number, signal?: AbortSignal) =>
  get<Listing<JournalEntry>>("/journal/entries", { ...filter, limit, cursor }, signal);

export const readDeadJobs = (cursor: string | undefined, limit: number, signal?: AbortSignal) =>
  get<Listing<DeadJob>>("/jobs/dead", { limit, cursor }, signal);

export const reviveJob = (job: string, intent: Intent) => command<undefined>("POST", `/jobs/${job}/revive`, {}, { intent });

/** Days as YYYY-MM-DD; today where none is given. */
export const readKeyingReport = (days: { from?: string | undefined; to?: string | undefined }, signal?: AbortSignal) =>
  get<KeyingReport>("/reports/keying", days, signal);
