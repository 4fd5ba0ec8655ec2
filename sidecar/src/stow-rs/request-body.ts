import type { IncomingMessage } from "node:http";
import { ApiError } from "../error-response.js";

/** A client that sends nothing for this long has gone. */
const LONGEST_PAUSE_SECONDS = 60;
/** What is waited for a client altogether: so long, and more as its bytes come at this least rate. */
const GRACE_SECONDS = 30;
const LEAST_BYTES_PER_SECOND = 4_096;

/** The client broke off: nobody is left to be answered. */
export class ClientGone extends Error {
  override readonly name = "ClientGone";
}

/**
 * The body as it arrives. Time in which we do not read does not count against the client.
 * @throws ApiError 413 beyond the largest request, 408 from a client too slow to be served; ClientGone
 */
export async function* requestBody(
  request: IncomingMessage,
  largestRequest: number,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = (request as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  let [received, waitedMilliseconds] = [0, 0];
  for (;;) {
    const allowed = GRACE_SECONDS * 1_000 + (received / LEAST_BYTES_PER_SECOND) * 1_000 - waitedMilliseconds;
    const begin = performance.now();
    const result = await within(chunks.next(), Math.min(LONGEST_PAUSE_SECONDS * 1_000, Math.max(0, allowed)));
    waitedMilliseconds += performance.now() - begin;
    if (result.done === true) return;
    received += result.value.length;
    if (received > largestRequest) throw tooLarge();
    count(result.value.length);
    yield result.value;
  }
}

/** @throws ApiError 413 when the request says that it is too large */
export function demandFitting(contentLength: string | undefined, largestRequest: number): void {
  if (Number(contentLength ?? 0) > largestRequest) throw tooLarge();
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new ApiError(408, "upload-too-slow", "The upload was too slow to be waited for."));
    }, milliseconds);
  });
  const gone = work.catch((error: unknown) => {
    throw new ClientGone("the client broke off", { cause: error });
  });
  try {
    return await Promise.race([gone, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(): ApiError {
  return new ApiError(413, "body-too-large", "The request is larger than is taken here.");
}
