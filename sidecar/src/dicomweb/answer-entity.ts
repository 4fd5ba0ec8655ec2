import type { IncomingMessage, ServerResponse } from "node:http";
import { readByteRange } from "./byte-range.js";

/** What is sent, in pieces one after another, so that nothing is copied together. */
export interface Entity {
  readonly contentType: string;
  readonly pieces: readonly Uint8Array[];
  readonly byteLength: number;
  /** Strong (RFC 9110 8.8.3): the same tag, the same bytes. */
  readonly entityTag: string;
  /** Whether parts of it may be asked for. */
  readonly ranges: boolean;
}

/**
 * What a browser may keep, and for how long without asking: while the token is the same (Vary), and no longer than a
 * revoked person may go on (docs/dicomweb-conformance.md).
 */
export const CACHE_SECONDS = 300;
const CACHING = {
  "Cache-Control": `private, max-age=${CACHE_SECONDS}, immutable`,
  Vary: "Accept, Authorization",
};

/** Answers 200, 206, 304 or 416. Whoever calls it has authorised the request: a validator opens nothing. */
export function answerEntity(request: IncomingMessage, response: ServerResponse, entity: Entity): void {
  const { contentType, pieces, byteLength, entityTag, ranges } = entity;
  const headers = { ...CACHING, ETag: entityTag, ...(ranges ? { "Accept-Ranges": "bytes" } : {}) };
  if (hasTag(request.headers["if-none-match"], entityTag)) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  const range =
    ranges && rangeApplies(request, entityTag) ? readByteRange(request.headers.range, byteLength) : undefined;
  if (range === "unsatisfiable") {
    response.writeHead(416, {
      "Content-Range": `bytes */${byteLength}`,
      "Accept-Ranges": "bytes",
      "Cache-Control": "no-store",
      "Content-Length": 0,
    });
    response.end();
    return;
  }
  response.cork();
  if (range === undefined) {
    response.writeHead(200, { ...headers, "Content-Type": contentType, "Content-Length": byteLength });
    for (const piece of pieces) response.write(piece);
  } else {
    const { first, last } = range;
    response.writeHead(206, {
      ...headers,
      "Content-Type": contentType,
      "Content-Length": last - first + 1,
      "Content-Range": `bytes ${first}-${last}/${byteLength}`,
    });
    for (const piece of within(pieces, first, last)) response.write(piece);
  }
  response.end();
  response.uncork();
}

/** RFC 9110 13.1.5: with If-Range, only of this very representation; a date is none that is known here. */
function rangeApplies(request: IncomingMessage, entityTag: string): boolean {
  const { range, "if-range": ifRange } = request.headers;
  return range !== undefined && (ifRange === undefined || ifRange === entityTag);
}

/** RFC 9110 13.1.2: weak comparison, `*` for any. */
function hasTag(header: string | undefined, entityTag: string): boolean {
  if (header === undefined) return false;
  return header
    .split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""))
    .some((tag) => tag === "*" || tag === entityTag);
}

function* within(pieces: readonly Uint8Array[], first: number, last: number): Iterable<Uint8Array> {
  let start = 0;
  for (const piece of pieces) {
    const [from, to] = [Math.max(0, first - start), Math.min(piece.byteLength, last + 1 - start)];
    if (from < to) yield piece.subarray(from, to);
    start += piece.byteLength;
  }
}
