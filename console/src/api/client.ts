// The one way to the server: problem documents become `ApiProblem`, a dead line becomes `OfflineError`,
// every command carries the CSRF token and the key of the user's intent.
import type { Finding } from "./types";

const base = "/api/v1";

export type Query = Record<string, string | number | boolean | null | undefined>;
type Method = "POST" | "PUT" | "DELETE" | "PATCH";

/** A refusal or fault that the server answered. */
export class ApiProblem extends Error {
  readonly status: number;
  /** Stable code of the refusal catalog, or `fault` when the server had none. */
  readonly code: string;
  readonly titleZh: string;
  readonly titleEn: string;
  readonly field: string | undefined;
  readonly traceId: string | undefined;
  /** Quality findings of a refused page. */
  readonly findings: Finding[];
  /** Seconds to wait, when the server named them. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, body: ProblemBody, retryAfter: string | null) {
    super(body.title_en ?? body.title ?? body.code ?? `HTTP ${String(status)}`);
    this.name = "ApiProblem";
    this.status = status;
    this.code = body.code ?? "fault";
    this.titleZh = body.title_zh ?? body.title ?? "";
    this.titleEn = body.title_en ?? body.title ?? "";
    this.field = body.field;
    this.traceId = body.trace_id;
    this.findings = body.findings ?? [];
    const seconds = Number.parseInt(retryAfter ?? "", 10);
    this.retryAfterSeconds = Number.isNaN(seconds) ? undefined : seconds;
  }

  /** The server's sentence in the language of the console. */
  text(language: string): string {
    return language.startsWith("zh") ? this.titleZh : this.titleEn;
  }
}

/** The server could not be reached: nothing is known of the outcome; repeat with the same intent. */
export class OfflineError extends Error {
  constructor(cause: unknown) {
    super("the server cannot be reached", { cause });
    this.name = "OfflineError";
  }
}

interface ProblemBody {
  title?: string;
  title_zh?: string;
  title_en?: string;
  code?: string;
  field?: string;
  trace_id?: string;
  findings?: Finding[];
}

/** What the user wants once: a repeat of the same intent is answered with the first outcome. */
export interface Intent {
  readonly key: string;
}

/** A fresh intent; keep it across retries of the same act. */
export function newIntent(): Intent {
  // `crypto.randomUUID` is missing on plain-http intranet addresses.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { key: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-") };
}

type Listener = (problem: ApiProblem) => void;
const sessionListeners = new Set<Listener>();

/** Calls `listener` when the server says that the session has ended; returns how to stop. */
export function onSessionEnded(listener: Listener): () => void {
  sessionListeners.add(listener);
  return () => sessionListeners.delete(listener);
}

/** The address of an API path with its query; empty values are left out. */
export function address(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `${base}${path}${text === "" ? "" : `?${text}`}`;
}

/** The CSRF token of the readable cookie; empty before sign-in. */
export function csrfToken(): string {
  const pair = document.cookie.split("; ").find((cookie) => cookie.startsWith("shuniu_csrf="));
  return pair === undefined ? "" : decodeURIComponent(pair.slice("shuniu_csrf=".length));
}

async function send(url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Accept", "application/json, application/problem+json, image/*");
  headers.set("Accept-Language", document.documentElement.lang === "en" ? "en" : "zh");
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", ...init, headers });
  } catch (cause) {
    if (init.signal?.aborted === true) throw cause;
    throw new OfflineError(cause);
  }
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && problem.code === "unauthenticated") sessionListeners.forEach((listener) => listener(problem));
  throw problem;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  let body: ProblemBody = {};
  if (response.headers.get("Content-Type")?.includes("json") === true) {
    try {
      body = (await response.json()) as ProblemBody;
    } catch {
      // A cut-off problem document still has its status, which is all that is left to say.
      body = {};
    }
  }
  return new ApiProblem(response.status, body, response.headers.get("Retry-After"));
}

async function bodyOf<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Reads; safe to repeat. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const response = await send(address(path, query), signal === undefined ? {} : { signal });
  return bodyOf<T>(response);
}

/** What was read, and the version that an edit of it names. */
export interface Versioned<T> {
  value: T;
  version: string;
}

/** Reads something that is edited. */
export async function getVersioned<T>(path: string, signal?: AbortSignal): Promise<Versioned<T>> {
  const response = await send(address(path), signal === undefined ? {} : { signal });
  const version = (response.headers.get("ETag") ?? "").replaceAll('"', "");
  return { value: await bodyOf<T>(response), version };
}

export interface CommandOptions {
  /** One per user intent; left out only where the contract asks for no key. */
  intent?: Intent | undefined;
  /** The version that the user saw, for edits of versioned things. */
  ifMatch?: number | string | undefined;
  query?: Query | undefined;
  signal?: AbortSignal | undefined;
  keepalive?: boolean | undefined;
  /** Further headers, such as a file's name. */
  headers?: Record<string, string> | undefined;
}

/** Changes something on the server; `body` is sent as JSON, or raw when it is a `Blob`. */
export async function command<T>(method: Method, path: string, body: unknown, options: CommandOptions = {}): Promise<T> {
  const headers = new Headers(options.headers);
  headers.set("X-CSRF-Token", csrfToken());
  if (options.intent !== undefined) headers.set("Idempotency-Key", options.intent.key);
  if (options.ifMatch !== undefined) headers.set("If-Match", `"${String(options.ifMatch)}"`);
  const init: RequestInit = { method, headers };
  if (options.signal !== undefined) init.signal = options.signal;
  if (options.keepalive === true) init.keepalive = true;
  if (body instanceof Blob) {
    headers.set("Content-Type", body.type === "" ? "application/octet-stream" : body.type);
    init.body = body;
  } else if (body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(body);
  }
  return bodyOf<T>(await send(address(path, options.query), init));
}

/** Follows a single-use image link, once. */
export async function readImage(url: string, signal?: AbortSignal): Promise<Blob> {
  const response = await send(url, signal === undefined ? {} : { signal });
  return response.blob();
}
