import { serverUrl } from "./server.js";
import { SharedTokens } from "./shared-tokens.js";
import type { TokenProvider } from "./token-provider.js";

/** An answer that is not what was asked for, as the server's problem details tell it (RFC 9457). */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Every member of the problem details. */
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail);
  }
}

/**
 * A request to the server with the provider's token; a token it refuses is replaced once.
 *
 * @param path of the server, or its whole address; a body in `init` must be one that can be sent twice
 */
export async function fetchAuthorized(
  path: string,
  provider: TokenProvider,
  init: RequestInit = {},
): Promise<Response> {
  const url = serverUrl(path);
  const tokens = SharedTokens.of(provider);
  const token = await tokens.get();
  const response = await send(url, token, init);
  return response.status === 401 ? send(url, await tokens.replace(token), init) : response;
}

/** Fetches JSON. @throws HttpProblem for an answer that is none of 2xx */
export async function fetchJson<T>(path: string, token: TokenProvider, init: RequestInit = {}): Promise<T> {
  const response = await fetchAuthorized(path, token, init);
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** The problem a response tells of. */
export async function problemOf(response: Response): Promise<HttpProblem> {
  const problem = (await response.json().catch(() => ({}))) as Record<string, unknown> & {
    code?: string;
    detail?: string;
  };
  return new HttpProblem(
    response.status,
    problem.code ?? "unknown",
    problem.detail ?? `HTTP ${response.status}`,
    problem,
  );
}

function send(url: string, token: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  return fetch(url, { ...init, headers });
}

/** A request that carries JSON. */
export function jsonBody(method: "POST" | "PUT" | "PATCH", body: unknown): RequestInit {
  return { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
