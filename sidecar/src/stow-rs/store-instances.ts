import type { IncomingMessage, ServerResponse } from "node:http";
import type { Principal } from "../authorization/principal.js";
import type { StudyDirectory } from "../authorization/study-directory.js";
import { parseAccept } from "../dicomweb/accept.js";
import { publicAddress } from "../dicomweb/public-address.js";
import type { InstanceIdentity } from "../dicom/part10-identity.js";
import { ApiError } from "../error-response.js";
import type { Logger } from "../log.js";
import { StoreAuthorization } from "./authorize-instance.js";
import type { InstanceStore } from "./instance-store.js";
import { boundaryOf } from "./media-type.js";
import { MultipartError, MultipartReader } from "./multipart-reader.js";
import { BodyReader, ClientGone } from "./body-reader.js";
import { demandFitting, requestBody } from "./request-body.js";
import type { Spool } from "./spool.js";
import { storePart, type PartDependencies, type UploadRecord } from "./store-part.js";
import { FAILURE, statusOf, storeResponse, toXml, type InstanceResult } from "./store-response.js";
import { UploadTurns, type UploadLimits } from "./upload-limits.js";

export interface StowDependencies {
  readonly directory: StudyDirectory;
  readonly store: InstanceStore;
  readonly spool: Spool;
  readonly limits: UploadLimits;
  readonly log: Logger;
}

type Format = "application/dicom+json" | "application/dicom+xml";

/** Answers a Store Instances request of somebody who has the permission `upload`. */
export type StoreInstances = (
  principal: Principal,
  studyInstanceUid: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  record: UploadRecord,
) => Promise<void>;

/**
 * Store Instances (PS3.18 10.5): each instance is stored or refused by itself, as it arrives. An upload that breaks off
 * leaves what was whole.
 */
export function storeInstances(dependencies: StowDependencies): StoreInstances {
  const { limits, log } = dependencies;
  const turns = new UploadTurns(limits);
  return async (principal, studyInstanceUid, request, response, record) => {
    const boundary = boundaryOf(request.headers["content-type"]);
    const format = formatOf(request.headers.accept);
    demandFitting(request.headers["content-length"], limits.largestRequest);
    const turn = await turns.begin(principal.subject);
    const body = new BodyReader(request);
    try {
      const address = publicAddress(request);
      const results: InstanceResult[] = [];
      const reader = new MultipartReader(requestBody(body, limits.largestRequest, turn.count), boundary);
      const fault = await storeParts(reader, results, limits.instancesPerRequest, {
        ...dependencies,
        authorization: new StoreAuthorization(principal, dependencies.directory),
        largestInstance: limits.largestInstance,
        studyInstanceUid,
        record,
        retrieveUrl: (identity) => retrieveUrl(address, identity),
      });
      if (fault !== undefined && results.length === 0) throw fault;
      const status = fault?.status ?? statusOf(results);
      answer(response, status, results, studyUrl(address, studyInstanceUid, results), format);
    } catch (error) {
      if (!(error instanceof ClientGone)) throw error;
      log.info("a client broke off an upload; what was whole is stored");
      response.destroy();
    } finally {
      turn.end();
      body.discard();
    }
  };
}

/** @returns why it ended before the last part, if it did */
async function storeParts(
  reader: MultipartReader,
  results: InstanceResult[],
  mostInstances: number,
  dependencies: PartDependencies,
): Promise<ApiError | undefined> {
  let archiveIsAway = false;
  try {
    for (let headers = await reader.next(); headers !== undefined; headers = await reader.next()) {
      if (results.length >= mostInstances)
        return new ApiError(413, "body-too-large", `A request may hold ${mostInstances} instances.`);
      const result: InstanceResult = archiveIsAway
        ? { stored: false, reason: FAILURE.outOfResources, status: 503 }
        : await storePart(headers, reader.body(), dependencies).catch((error: unknown) =>
            failedForFault(error, dependencies.log),
          );
      archiveIsAway ||= !result.stored && result.status === 503;
      results.push(result);
    }
  } catch (error) {
    if (error instanceof ApiError) return error;
    if (!(error instanceof MultipartError)) throw error;
    // The part that broke off is one that failed, beside those before it.
    if (results.length === 0) return malformed(error.message);
    results.push({ stored: false, reason: FAILURE.notUnderstood });
    return undefined;
  }
  return results.length === 0 ? malformed("there is no part in it") : undefined;
}

/** A fault in one instance is not one of the others: those stored are told of. */
function failedForFault(error: unknown, log: Logger): InstanceResult {
  if (error instanceof ApiError || error instanceof MultipartError || error instanceof ClientGone)
    throw error;
  log.error({ err: error }, "an uploaded instance could not be dealt with");
  return { stored: false, reason: FAILURE.processingFailure };
}

function answer(
  response: ServerResponse,
  status: number,
  results: readonly InstanceResult[],
  studyUrlOfAll: string,
  format: Format,
): void {
  const dataSet = storeResponse(results, studyUrlOfAll);
  const body = Buffer.from(format === "application/dicom+xml" ? toXml(dataSet) : JSON.stringify(dataSet));
  response.writeHead(status, {
    "Content-Type": format,
    "Content-Length": body.byteLength,
    "Cache-Control": "no-store",
    ...(status === 503 ? { "Retry-After": "5" } : {}),
  });
  response.end(body);
}

/** JSON unless XML is liked better (PS3.18 table 8.7.3-5). */
function formatOf(accept: string | undefined): Format {
  const ranges = parseAccept(accept ?? "*/*").sort((a, b) => b.quality - a.quality);
  for (const { type, quality, parameters } of ranges) {
    if (quality === 0) continue;
    const wanted = type === "multipart/related" ? (parameters.get("type") ?? "").toLowerCase() : type;
    if (/^(?:\*\/\*|application\/(?:\*|json|dicom\+json))$/.test(wanted)) return "application/dicom+json";
    if (wanted === "application/dicom+xml" && type !== "multipart/related") return "application/dicom+xml";
  }
  throw new ApiError(
    406,
    "not-acceptable",
    "This is answered as application/dicom+json or application/dicom+xml.",
  );
}

function retrieveUrl(address: string, identity: Omit<InstanceIdentity, "patient">): string {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = identity;
  return `${address}/dicom-web/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
}

function studyUrl(
  address: string,
  studyInstanceUid: string | undefined,
  results: readonly InstanceResult[],
): string {
  const urls = new Set(
    results.flatMap((result) => (result.stored ? [result.retrieveUrl.split("/series/")[0] ?? ""] : [])),
  );
  const [only = ""] = urls;
  if (urls.size === 1) return only;
  return studyInstanceUid === undefined ? "" : `${address}/dicom-web/studies/${studyInstanceUid}`;
}

function malformed(why: string): ApiError {
  return new ApiError(400, "request-malformed", `The multipart body cannot be read: ${why}.`);
}
