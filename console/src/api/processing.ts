// Processing items as outlets and supervisors see them.
import { command, get, type Intent } from "./client";
import type { BusinessType, Item, ItemDetail, Listing, Page, Reason, TraceStep } from "./types";

/** Both list shapes of small, unpaged lists are read alike. */
const rows = <T>(answer: T[] | Listing<T>): T[] => (Array.isArray(answer) ? answer : answer.items);

export const readBusinessTypes = async (signal?: AbortSignal) =>
  rows(await get<BusinessType[] | Listing<BusinessType>>("/processing/business-types", {}, signal));

export const readReasons = async (signal?: AbortSignal) => rows(await get<Reason[] | Listing<Reason>>("/processing/reasons", {}, signal));

export interface ItemFilter {
  state?: string | undefined;
  business_type?: string | undefined;
  q?: string | undefined;
  mine?: boolean | undefined;
}

export const readItems = (filter: ItemFilter, cursor: string | undefined, limit: number, signal?: AbortSignal) =>
  get<Listing<Item>>("/processing/items", { ...filter, limit, cursor }, signal);

export const readItem = (item: string, signal?: AbortSignal) => get<ItemDetail>(`/processing/items/${item}`, {}, signal);

export const readTrace = (item: string, signal?: AbortSignal) =>
  get<{ steps: TraceStep[] }>(`/processing/items/${item}/trace`, {}, signal);

export const createItem = (business_type: string, intent: Intent) =>
  command<Item>("POST", "/processing/items", { business_type }, { intent });

/** Where a file's pages go: beside the others of their kind, or in the place of one. */
export interface PagePlace {
  kind: string;
  replaces?: string | undefined;
}

export const addPage = (item: string, { kind, replaces }: PagePlace, file: Blob, name: string, intent: Intent, keepWarnings: boolean) =>
  command<{ pages: Page[] }>("POST", `/processing/items/${item}/pages`, file, {
    intent,
    query: { kind, replaces, keep_warnings: keepWarnings ? true : undefined },
    // Header values are ASCII; the name only helps people recognize a file.
    headers: { "X-File-Name": encodeURIComponent(name) },
  });

export const deletePage = (item: string, page: string, intent: Intent) =>
  command<undefined>("DELETE", `/processing/items/${item}/pages/${page}`, undefined, { intent });

/** An act on an item, by its last path segment. */
export type ItemVerb = "submit" | "withdraw" | "confirm" | "confirm-failure" | "resubmit" | "return" | "resume" | "retry-posting";

export const actOnItem = (item: string, verb: ItemVerb, body: { reason_code?: string; note?: string }, intent: Intent) =>
  command<Item>("POST", `/processing/items/${item}/${verb}`, body, { intent });
