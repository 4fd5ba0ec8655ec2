import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { withinTime } from "../pipeline/deadline.js";
import { retryAfterOf } from "../pipeline/retry-after.js";
import { AddressRefused, type AddressGuard } from "./address-guard.js";

/** What came of a delivery. */
export type SendOutcome =
  | { readonly kind: "taken"; readonly status: number }
  /** It answered, with something that is not 2xx. */
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfterSeconds: number | undefined;
      readonly body: string;
    }
  | { readonly kind: "unreachable"; readonly reason: string }
  | { readonly kind: "refused-address"; readonly reason: string };

const LONGEST_MILLISECONDS = 15_000;
/** Of an answer; more is not read. */
const LONGEST_ANSWER = 2_048;

/**
 * Posts a body once. A redirect is an answer like another and not followed; a connection of its own each time, so that
 * the name is looked up and checked again.
 */
export async function send(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  guard: AddressGuard,
  stop: AbortSignal,
  longestMilliseconds = LONGEST_MILLISECONDS,
): Promise<SendOutcome> {
  const options = {
    method: "POST",
    agent: false,
    lookup: guard.lookupFor(url),
    maxHeaderSize: 16_384,
    headers: { ...headers, "Content-Length": Buffer.byteLength(body) },
  };
  try {
    guard.check(url);
    const make = url.protocol === "https:" ? requestHttps : requestHttp;
    return await withinTime(
      longestMilliseconds,
      stop,
      (signal) =>
        new Promise<SendOutcome>((resolve, reject) => {
          const request = make(url, { ...options, signal }, (response) => {
            resolve(answerOf(response));
          });
          request.on("error", reject);
          request.end(body);
        }),
    );
  } catch (error) {
    if (error instanceof AddressRefused) return { kind: "refused-address", reason: error.message };
    return { kind: "unreachable", reason: reasonOf(error) };
  }
}

async function answerOf(response: IncomingMessage): Promise<SendOutcome> {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) {
    response.destroy();
    return { kind: "taken", status };
  }
  const body = await beginningOf(response);
  const pause = retryAfterOf(response.headers["retry-after"], Date.now());
  const retryAfterSeconds = pause === undefined ? undefined : pause / 1_000;
  return { kind: "answered", status, retryAfterSeconds, body };
}

/** What could be read of it; the status is known by then, so a break does not matter. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      pieces.push(piece);
      length += piece.length;
      if (length >= LONGEST_ANSWER) break;
    }
  } catch {
    // Cut off.
  }
  response.destroy();
  return Buffer.concat(pieces).toString("utf8").slice(0, LONGEST_ANSWER);
}

function reasonOf(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name === "AbortError" || name === "TimeoutError") return "no answer in time";
  return code ?? message;
}
