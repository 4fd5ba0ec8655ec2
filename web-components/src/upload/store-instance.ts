import { serverUrl } from "../session/server.js";
import { SharedTokens } from "../session/shared-tokens.js";
import type { TokenProvider } from "../session/token-provider.js";

/** Why the server does not keep an instance. */
export type StoreFault =
  | "may-not-upload"
  | "not-authorized"
  | "too-large"
  | "not-understood"
  | "refused"
  | "file-gone"
  | "server-fault";

export type StoreOutcome =
  | { readonly kind: "stored" }
  | { readonly kind: "failed"; readonly fault: StoreFault; readonly detail?: string }
  /** Nothing is wrong with the file: to be sent again, after `seconds` if the server says so. */
  | { readonly kind: "later"; readonly why: "connection" | "server"; readonly seconds?: number }
  | { readonly kind: "canceled" };

/** A connection on which nothing moves for so long is given up. */
const LONGEST_SILENCE_MILLISECONDS = 60_000;

/**
 * Stores one instance by STOW-RS (PS3.18 10.5). It may be sent again: one that is there already is answered as stored.
 * By XMLHttpRequest, since `fetch` does not say how much of a body was sent.
 *
 * @param progress is told how many bytes have left
 */
export async function storeInstance(
  file: Blob,
  provider: TokenProvider,
  progress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<StoreOutcome> {
  const tokens = SharedTokens.of(provider);
  const token = await tokens.get();
  let answer = await send(file, token, progress, signal);
  if (answer?.status === 401) answer = await send(file, await tokens.replace(token), progress, signal);
  if (signal.aborted) return { kind: "canceled" };
  if (answer === undefined) return (await isReadable(file)) ? LATER : { kind: "failed", fault: "file-gone" };
  return outcomeOf(answer);
}

const LATER: StoreOutcome = { kind: "later", why: "connection" };

/** What came back. */
export interface StoreAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
}

/** Failure Reason (0008,1197), PS3.18 table 10.5.3-2. */
const FAULTS: Readonly<Record<number, StoreFault>> = {
  0x0124: "not-authorized",
  0xa900: "refused",
  0xc000: "not-understood",
  0x0110: "refused",
};

/** What an answer to one instance means. */
export function outcomeOf({ status, body, retryAfter }: StoreAnswer): StoreOutcome {
  const told = bodyOf(body);
  if (status === 200) return { kind: "stored" };
  if ([408, 429, 502, 503, 504].includes(status)) {
    const seconds = Number(retryAfter ?? Number.NaN);
    return { kind: "later", why: "server", ...(Number.isFinite(seconds) ? { seconds } : {}) };
  }
  if (status === 413) return { kind: "failed", fault: "too-large" };
  const reason = told?.["00081198"]?.Value?.[0]?.["00081197"]?.Value?.[0];
  const fault = typeof reason === "number" ? FAULTS[reason] : undefined;
  if (fault !== undefined) return { kind: "failed", fault };
  if (status === 401 || status === 403) return { kind: "failed", fault: "may-not-upload" };
  const detail = told?.detail;
  return { kind: "failed", fault: "server-fault", ...(detail === undefined ? {} : { detail }) };
}

interface StoreBody {
  readonly detail?: string;
  /** Failed SOP Sequence */
  readonly "00081198"?: { readonly Value?: readonly Readonly<Record<string, { Value?: unknown[] }>>[] };
}

function bodyOf(text: string): StoreBody | undefined {
  try {
    return JSON.parse(text) as StoreBody;
  } catch {
    return undefined;
  }
}

/** @returns undefined when the connection broke, or the request was canceled */
function send(
  file: Blob,
  token: string,
  progress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<StoreAnswer | undefined> {
  const boundary = crypto.randomUUID();
  const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
  const body = new Blob([head, file, `\r\n--${boundary}--\r\n`]);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let silence: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), LONGEST_SILENCE_MILLISECONDS);
    };
    const abort = () => request.abort();
    request.upload.onprogress = ({ loaded }) => {
      listen();
      progress(Math.min(file.size, Math.max(0, loaded - head.length)));
    };
    request.onloadend = () => {
      clearTimeout(silence);
      signal.removeEventListener("abort", abort);
      const { status, responseText: text } = request;
      const retryAfter = status === 0 ? null : request.getResponseHeader("Retry-After");
      resolve(status === 0 ? undefined : { status, body: text, retryAfter });
    };
    request.open("POST", serverUrl("/dicom-web/studies"));
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Accept", "application/dicom+json");
    request.setRequestHeader(
      "Content-Type",
      `multipart/related; type="application/dicom"; boundary=${boundary}`,
    );
    if (signal.aborted) {
      resolve(undefined);
      return;
    }
    signal.addEventListener("abort", abort);
    listen();
    request.send(body);
  });
}

async function isReadable(file: Blob): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
