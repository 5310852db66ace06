// Who is signed in: known to every page, refreshed after sign-in, dropped when the server says so.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { ApiProblem, onSessionEnded } from "./client";
import { readMe } from "./identity";
import type { Action, Me } from "./types";

export interface Session {
  /** Absent while nobody is signed in. */
  me: Me | undefined;
  status: "loading" | "signed_in" | "signed_out" | "unreachable";
  /** Whether the person's posts carry the permission; the server decides again at the act. */
  can: (action: Action) => boolean;
  refresh: () => Promise<unknown>;
  /** Puts the answer of a sign-in in place. */
  enter: (me: Me) => void;
  /** Forgets the person and everything read for them. */
  leave: () => void;
  /** The server ended the session of somebody who was signed in here, so the door says why it is shut. */
  ended: boolean;
}

const SessionContext = createContext<Session | undefined>(undefined);
const key = ["me"];

/** The person of the session cookie; nobody when there is none. */
async function whoAmI({ signal }: { signal: AbortSignal }): Promise<Me | null> {
  try {
    return await readMe(signal);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: key, queryFn: whoAmI, staleTime: 5 * 60_000, retry: 1 });
  const [ended, setEnded] = useState(false);
  useEffect(
    () =>
      onSessionEnded(() => {
        if ((client.getQueryData<Me | null>(key) ?? null) !== null) setEnded(true);
        client.setQueryData(key, null);
      }),
    [client],
  );

  const { data, isPending, refetch } = query;
  const session = useMemo<Session>(() => {
    const me = data ?? undefined;
    // Nothing read for one person is ever shown to the next.
    const forget = () => client.removeQueries({ predicate: (one) => one.queryKey[0] !== key[0] });
    const status = me !== undefined ? "signed_in" : data === null ? "signed_out" : isPending ? "loading" : "unreachable";
    return {
      me,
      status,
      ended,
      can: (action) => me?.permissions.includes(action) === true,
      refresh: refetch,
      enter: (fresh) => {
        forget();
        setEnded(false);
        client.setQueryData(key, fresh);
      },
      leave: () => {
        forget();
        setEnded(false);
        client.setQueryData(key, null);
      },
    };
  }, [data, isPending, refetch, client, ended]);
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("useSession needs a SessionProvider above it");
  return session;
}

/** The signed-in person, in places that only signed-in people reach. */
export function useMe(): Me {
  const { me } = useSession();
  if (me === undefined) throw new Error("useMe is for pages behind sign-in");
  return me;
}
