// F2: the lines above and below the slice, where the server allows it; the image lies in the same zone, and F2 shows the slice again.

import { useCallback, useEffect, useMemo, useState } from "react";
import { newIntent } from "@/api/client";
import type { Lease } from "@/api/types";
import { widerSlice } from "../work/api";
import type { Wanted } from "../work/image_shelf";

export interface Wider {
  /** Fetched beside the others while it is wanted. */
  wanted: Wanted | null;
  shown: boolean;
  problem: unknown;
  toggle: () => void;
}

export function useWiderSlice(lease: Lease | null): Wider {
  const [asked, setAsked] = useState<{ id: string; url: string } | null>(null);
  const [shown, setShown] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const id = lease?.work_item_id ?? null;
  useEffect(() => {
    setShown(false);
    setProblem(null);
  }, [id]);

  const url = asked !== null && asked.id === id ? asked.url : null;
  const wanted = useMemo<Wanted | null>(() => {
    if (lease === null || url === null) return null;
    return { name: `${lease.work_item_id} wider`, url, fresh: async () => (await widerSlice(lease, newIntent())).image_url };
  }, [lease, url]);

  const toggle = useCallback(() => {
    if (lease === null) return;
    if (url !== null) return setShown((now) => !now);
    setProblem(null);
    widerSlice(lease, newIntent()).then(
      (answer) => {
        setAsked({ id: lease.work_item_id, url: answer.image_url });
        setShown(true);
      },
      (refused: unknown) => setProblem(refused),
    );
  }, [lease, url]);

  return { wanted, shown: shown && wanted !== null, problem, toggle };
}
