// The images of the work in hand first, then those of the work behind it.

import { useEffect, useSyncExternalStore } from "react";
import { freshLink } from "@/api/archive";
import { newIntent } from "@/api/client";
import type { Lease, TaskPage } from "@/api/types";
import { freshSlice } from "./api";
import type { ImageShelf, Shelved, Wanted } from "./image_shelf";

/** All images that a lease's task shows. */
export function imagesOf(lease: Lease): Wanted[] {
  const { task } = lease;
  if (task.kind === "slice") {
    return [{ name: sliceName(lease), url: task.image_url, fresh: async () => (await freshSlice(lease, newIntent())).image_url }];
  }
  return task.pages.map((page) => pageImage(lease, page));
}

export const sliceName = (lease: Lease): string => `${lease.work_item_id} slice`;
/** The fence is in it: work that went away and came back is opened anew, because an approval counts what was opened since. */
export const pageName = (lease: Lease, page: TaskPage): string => `${lease.work_item_id} ${String(lease.fence)} ${page.page_id}`;

export function pageImage(lease: Lease, page: TaskPage): Wanted {
  return { name: pageName(lease, page), url: page.image_url, fresh: async () => (await freshLink(page.page_id, "display")).url };
}

/** Keeps the shelf filled; `more` are images asked for on the way, such as the wider slice. */
export function useShelved(shelf: ImageShelf, current: Lease | null, upcoming: readonly Lease[], more: Wanted | null = null): void {
  useEffect(() => {
    const wanted = (current === null ? [] : [current]).concat(upcoming).flatMap(imagesOf);
    shelf.keep(more === null ? wanted : [more, ...wanted]);
  }, [shelf, current, upcoming, more]);
}

export function useLook(shelf: ImageShelf, name: string | null): Shelved {
  return useSyncExternalStore(shelf.subscribe, () => shelf.look(name));
}
