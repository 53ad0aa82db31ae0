// Every request of the pages goes through here: language, cookie, errors as the server tells them.

const PREFIX = "/api/v1";
const ROOTS = ["/api/", "/workflow/", "/metrics"]; // paths that are given whole

export interface Problem {
  path: string;
  code: string;
  message: string;
}

/** What the server refused or could not do, in the person's language, with the trace id for support. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: Problem[],
    readonly traceId: string | null,
  ) {
    super(message);
  }
}

export interface Answer<T> {
  data: T;
  etag: string | null;
  headers: Headers;
}

export interface Options {
  body?: unknown;
  /** Sent as it is, with `type`; for YAML and files. */
  text?: string;
  type?: string;
  etag?: string;
  key?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export const SIGNED_OUT = "headrace:signed-out";
/** The code of what was refused because the session has ended; whoever works is asked to sign in again. */
export const ENDED = "session_ended";

let language = "en";

/** The language the server answers in from now on. */
export function speak(to: string): void {
  language = to;
}

export async function request(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  headers.set("Accept-Language", language);
  headers.set("X-Headrace-Request", "1"); // no other site's page can send it: see the server's CSRF rule
  if (options.etag) headers.set("If-Match", options.etag);
  if (options.key) headers.set("Idempotency-Key", options.key);
  let body: string | undefined;
  if (options.text !== undefined) {
    headers.set("Content-Type", options.type ?? "application/yaml");
    body = options.text;
  } else if (options.body !== undefined) {
    headers.set("Content-Type", "application/json");
    body = JSON.stringify(options.body);
  }
  const url = ROOTS.some((root) => path.startsWith(root)) ? path : PREFIX + path;
  const response = await fetch(url, {
    method,
    headers,
    body,
    signal: options.signal,
    credentials: "same-origin",
  });
  if (!response.ok) throw await failure(response, path);
  return response;
}

export async function call<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const response = await request(method, path, options);
  const json = response.headers.get("content-type")?.includes("json");
  const data = (response.status === 204 ? null : json ? await response.json() : await response.text()) as T;
  return { data, etag: response.headers.get("etag"), headers: response.headers };
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await call<T>("GET", path, { signal })).data;
}

export async function post<T>(path: string, body?: unknown): Promise<T> {
  return (await call<T>("POST", path, { body })).data;
}

/** A key of its own for each deliberate act: asking twice does it once. Not a UUID: browsers make
 * these over HTTPS only. */
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

async function failure(response: Response, path: string): Promise<ApiError> {
  const found = await response.json().catch(() => ({}));
  const ended = response.status === 401 && path !== "/sign-in";
  if (ended) window.dispatchEvent(new Event(SIGNED_OUT));
  const problems: Problem[] = Array.isArray(found.errors) ? found.errors : [];
  const text = found.detail ?? found.title ?? `${response.status} ${response.statusText}`;
  const code = ended ? ENDED : (found.code ?? "unknown");
  return new ApiError(response.status, code, text, problems, found.traceId ?? null);
}

/** `?a=1&b=2` of what is set; lists repeat. */
export function query(
  values: Record<string, string | number | boolean | string[] | null | undefined>,
): string {
  const made = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value)) for (const each of value) made.append(name, each);
    else if (value !== null && value !== undefined && value !== "") made.set(name, String(value));
  }
  const text = made.toString();
  return text ? `?${text}` : "";
}
