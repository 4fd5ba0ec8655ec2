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

/** Fetches JSON with the provider's token; a refused token is replaced once. */
export async function fetchJson<T>(url: string, token: TokenProvider, init: RequestInit = {}): Promise<T> {
  let response = await send(url, await token("initial"), init);
  if (response.status === 401) response = await send(url, await token("refused"), init);
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
