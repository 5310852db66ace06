// Files on their way to the server, one after the other; what was not taken stays until the person has seen why.
import { useCallback, useEffect, useRef, useState } from "react";
import { newIntent, type Intent } from "@/api/client";
import { addPage, type PagePlace } from "@/api/processing";
import { typeOf } from "./plan";

export interface Upload {
  id: number;
  place: PagePlace;
  file: File;
  phase: "waiting" | "sending" | "failed";
  problem?: unknown;
  /** The person takes the page with its warnings. */
  keepWarnings: boolean;
  intent: Intent;
}

interface Uploads {
  uploads: Upload[];
  busy: boolean;
  add: (files: readonly File[], place: PagePlace) => void;
  /** Sends again; `keepWarnings` accepts what was only warned of. */
  again: (upload: Upload, keepWarnings: boolean) => void;
  dismiss: (upload: Upload) => void;
}

/** Sends to the item that `itemId` finds or makes; `taken` is told after each stored page. */
export function usePageUploads(itemId: () => Promise<string>, taken: (item: string) => Promise<unknown>): Uploads {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const number = useRef(0);
  const running = useRef(false);
  const latest = useRef({ itemId, taken });
  useEffect(() => {
    latest.current = { itemId, taken };
  });

  const sendOne = useCallback(async (upload: Upload) => {
    const change = (part: Partial<Upload>) =>
      setUploads((all) => all.map((one) => (one.id === upload.id ? { ...one, ...part } : one)));
    running.current = true;
    change({ phase: "sending", problem: undefined });
    try {
      const item = await latest.current.itemId();
      const bytes = upload.file.slice(0, upload.file.size, typeOf(upload.file));
      await addPage(item, upload.place, bytes, upload.file.name, upload.intent, upload.keepWarnings);
      await latest.current.taken(item);
      running.current = false;
      setUploads((all) => all.filter((one) => one.id !== upload.id));
    } catch (problem) {
      running.current = false;
      change({ phase: "failed", problem });
    }
  }, []);

  useEffect(() => {
    const next = uploads.find((upload) => upload.phase === "waiting");
    if (next !== undefined && !running.current) void sendOne(next);
  }, [uploads, sendOne]);

  return {
    uploads,
    busy: uploads.some((upload) => upload.phase !== "failed"),
    add: (files, place) => {
      const fresh = files.map((file): Upload => {
        number.current += 1;
        return { id: number.current, place, file, phase: "waiting", keepWarnings: false, intent: newIntent() };
      });
      setUploads((all) => [...all, ...fresh]);
    },
    again: (upload, keepWarnings) => {
      // Another decision is another intent; the same one repeats the first.
      const intent = keepWarnings === upload.keepWarnings ? upload.intent : newIntent();
      setUploads((all) => all.map((one) => (one.id === upload.id ? { ...one, phase: "waiting", keepWarnings, intent } : one)));
    },
    dismiss: (upload) => setUploads((all) => all.filter((one) => one.id !== upload.id)),
  };
}
