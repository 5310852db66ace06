// A person's own keys: read after sign-in, used by the key router, changed in the sheet of keys.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { newIntent } from "@/api/client";
import { changeKeys, readKeys } from "@/api/identity";
import { useSession } from "@/api/session";
import { useOwnKeys } from "@/keys/KeyRouterProvider";
import { parseProfile, type KeyProfile, type SaveKeys } from "@/keys/registry";

/** What was kept, when it still is a profile; else the standard keys. */
function readable(kept: unknown): KeyProfile {
  try {
    return parseProfile(JSON.stringify(kept));
  } catch {
    return { version: 1, keys: {} };
  }
}

export function OwnKeys({ children }: { children: ReactNode }) {
  const { me } = useSession();
  const client = useQueryClient();
  const person = me?.person_id;
  const ready = person !== undefined && me?.must_change_password === false;
  const { data } = useQuery({
    queryKey: ["keys", person],
    queryFn: ({ signal }) => readKeys(signal),
    enabled: ready,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const profile = useMemo(() => (data === undefined || !ready ? undefined : readable(data.value)), [data, ready]);
  const save = useMemo<SaveKeys | null>(() => {
    if (data === undefined || !ready) return null;
    return async (fresh) => {
      await changeKeys(fresh.keys, data.version, newIntent());
      await client.invalidateQueries({ queryKey: ["keys", person] });
    };
  }, [data, ready, client, person]);
  useOwnKeys(profile, save);
  return children;
}
