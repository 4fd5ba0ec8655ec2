import type { IncomingMessage, ServerResponse } from "node:http";
import type { Principal } from "../authorization/principal.js";
import { ApiError } from "../error-response.js";
import { forwardedOf } from "./public-address.js";
import type { DicomWebRoute } from "./route.js";
import { searchWithinReach, type DicomJson, type SearchDependencies } from "./search-within-reach.js";

const JSON_ACCEPTED = /(?:^|,)\s*(?:\*\/\*|application\/(?:\*|json|dicom\+json))\s*(?:;|,|$)/i;

/**
 * Answers a search of somebody who reaches only some studies, or one in words that Orthanc takes for others.
 * @param record told what will be shown, before it is
 */
export async function answerSearch(
  principal: Principal,
  route: DicomWebRoute,
  request: IncomingMessage,
  query: string,
  response: ServerResponse,
  dependencies: SearchDependencies,
  record: (found: readonly DicomJson[]) => Promise<void>,
): Promise<void> {
  const { accept } = request.headers;
  if (accept !== undefined && !JSON_ACCEPTED.test(accept))
    throw new ApiError(406, "not-acceptable", "This search is answered as application/dicom+json.");
  const found = await searchWithinReach(principal, route, query, forwardedOf(request), dependencies);
  await record(found);
  const body = Buffer.from(JSON.stringify(found));
  response.writeHead(200, {
    "Content-Type": "application/dicom+json",
    "Content-Length": body.byteLength,
    "Cache-Control": "private, no-store",
    Vary: "Accept, Authorization",
  });
  response.end(body);
}
