import { OpenEmrError } from "../../openemr/openemr-error.js";
import { traceHeaders } from "../../tracing/active-trace.js";

const TIMEOUT_MILLISECONDS = 15_000;
/** More than that is no answer of this API. */
const MOST_KEPT_OF_AN_ANSWER = 4_000;

export interface Answer {
  readonly status: number;
  /** undefined: not JSON. */
  readonly json: unknown;
  readonly text: string;
}

/**
 * One exchange with OpenEMR. Answers of the classes 2xx and 4xx are for the caller to judge, save those every request
 * can get.
 * @throws OpenEmrError `openemr-unavailable` and `openemr-busy`; uncertain once the request may have arrived
 */
export async function exchange(
  address: string,
  init: RequestInit,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
): Promise<Answer> {
  const isWrite = init.method !== undefined && init.method !== "GET";
  let response: Response;
  let text: string;
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(traceHeaders())) headers.set(name, value);
  try {
    response = await fetch(address, {
      ...init,
      headers,
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    text = await response.text();
  } catch (error) {
    throw new OpenEmrError("openemr-unavailable", "OpenEMR does not answer", {
      cause: error,
      uncertain: isWrite && !neverLeft(error),
    });
  }
  const { status } = response;
  if (status === 429 || status === 503)
    throw new OpenEmrError("openemr-busy", `OpenEMR answered HTTP ${status}`, {
      status,
      // Turned away before anything was done (RFC 6585 4, RFC 9110 15.6.4); of a 503 nobody knows.
      uncertain: isWrite && status === 503,
      retryAfterMilliseconds: retryAfter(response.headers.get("retry-after")),
    });
  if (status === 408 || status >= 500)
    throw new OpenEmrError("openemr-busy", `OpenEMR answered HTTP ${status}`, {
      status,
      uncertain: isWrite,
      outcome: text.slice(0, MOST_KEPT_OF_AN_ANSWER),
    });
  return { status, text: text.slice(0, MOST_KEPT_OF_AN_ANSWER), json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const BEFORE_SENDING: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Whether no connection was made: then nothing was asked. */
function neverLeft(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (BEFORE_SENDING.has((cause as { code?: unknown }).code)) return true;
    if (cause instanceof AggregateError && cause.errors.length > 0 && cause.errors.every(neverLeft))
      return true;
  }
  return false;
}

/** Retry-After (RFC 9110 10.2.3): seconds or a date. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}
