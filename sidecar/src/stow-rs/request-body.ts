import { ApiError } from "../error-response.js";
import type { BodyReader } from "./body-reader.js";

/** A client that sends nothing for this long has gone. */
const LONGEST_PAUSE_SECONDS = 60;
/** What is waited for a client altogether: so long, and more as its bytes come at this least rate. */
const GRACE_SECONDS = 30;
const LEAST_BYTES_PER_SECOND = 4_096;

/**
 * The body as it arrives. Time in which we do not read does not count against the client.
 * @throws ApiError 413 beyond the largest request, 408 from a client too slow to be served; ClientGone
 */
export async function* requestBody(
  reader: BodyReader,
  largestRequest: number,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let [received, waitedMilliseconds] = [0, 0];
  for (;;) {
    const allowed = GRACE_SECONDS * 1_000 + (received / LEAST_BYTES_PER_SECOND) * 1_000 - waitedMilliseconds;
    const begin = performance.now();
    const chunk = await within(reader.next(), Math.min(LONGEST_PAUSE_SECONDS * 1_000, Math.max(0, allowed)));
    waitedMilliseconds += performance.now() - begin;
    if (chunk === undefined) return;
    received += chunk.length;
    if (received > largestRequest) throw tooLarge();
    count(chunk.length);
    yield chunk;
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
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(): ApiError {
  return new ApiError(413, "body-too-large", "The request is larger than is taken here.");
}
