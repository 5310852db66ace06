// Signing in and sessions.
import { command, get, getVersioned, newIntent, type Intent } from "./client";
import type { KeyProfile, Me, SessionRow } from "./types";

export const readMe = (signal?: AbortSignal) => get<Me>("/identity/me", {}, signal);

export const signIn = (employee_no: string, password: string, seat: string | undefined) =>
  command<Me>("POST", "/identity/sessions", { employee_no, password, ...(seat === undefined ? {} : { seat }) }, { intent: newIntent() });

export const signOut = () => command<undefined>("DELETE", "/identity/sessions/current", undefined, { intent: newIntent() });

export const changePassword = (old: string, fresh: string, intent: Intent) =>
  command<undefined>("POST", "/identity/password", { old, new: fresh }, { intent });

export const activate = (employee_no: string, code: string, password: string, intent: Intent) =>
  command<undefined>("POST", "/identity/activation", { employee_no, code, password }, { intent });

/** Own sessions, or those of `person` for who may see them. */
export const readSessions = (person: string | undefined, signal?: AbortSignal) => get<SessionRow[]>("/identity/sessions", { person }, signal);

/** Ends one of one's own sessions, which needs no reason. */
export const endSession = (session: string, intent: Intent) => command<undefined>("DELETE", `/identity/sessions/${session}`, undefined, { intent });

/** Ends every session of a person, for who may revoke. */
export const revokeSessions = (person: string, reason: string, intent: Intent) =>
  command<undefined>("POST", `/identity/people/${encodeURIComponent(person)}/sessions/revoke`, { reason }, { intent });

/** Ends one session of another person, for who may revoke. */
export const revokeSession = (person: string, session: string, reason: string, intent: Intent) =>
  command<undefined>("POST", `/identity/people/${encodeURIComponent(person)}/sessions/${session}/revoke`, { reason }, { intent });

/** The keys that one chose, with their version. */
export const readKeys = (signal?: AbortSignal) => getVersioned<KeyProfile>("/identity/me/keys", signal);

/** Replaces the keys that one chose; what is not named has its standard keys. */
export const changeKeys = (keys: Record<string, readonly string[]>, version: string, intent: Intent) =>
  command<KeyProfile>("PUT", "/identity/me/keys", { keys }, { intent, ifMatch: version });
