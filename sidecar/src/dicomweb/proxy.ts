import type { IncomingMessage, ServerResponse } from "node:http";
import type { AuditTrail } from "../audit/audit-trail.js";
import { refusalOf, unrecorded } from "../audit/refusal.js";
import { recordShown } from "../audit/shown-studies.js";
import type { TrustedProxies } from "../audit/source.js";
import { authenticate } from "../authorization/authenticate.js";
import type { TokenVerifier } from "../authorization/access-token.js";
import type { StudyAccess } from "../authorization/study-access.js";
import { ApiError, sendProblem } from "../error-response.js";
import type { Logger } from "../log.js";
import { isUnrestricted, type Principal } from "../authorization/principal.js";
import { dicomWebAccess, uploadRecord } from "./access.js";
import { kindOfSearch, studiesFound, studiesNamed } from "./search-record.js";
import type { StoreInstances } from "../stow-rs/store-instances.js";
import { acceptableRepresentations } from "./accept.js";
import { HTJ2K_MEDIA_TYPE, multipartFrames } from "./multipart-frames.js";
import { addressOf, type RenditionCache } from "./rendition-cache.js";
import { answerSearch } from "./answer-search.js";
import { authorize, isSearch } from "./authorize.js";
import { parseRoute, type DicomWebRoute } from "./route.js";
import type { ArchiveSearch } from "./search-within-reach.js";

export interface DicomWebDependencies {
  readonly tokens: TokenVerifier;
  readonly access: StudyAccess;
  readonly archive: ArchiveSearch;
  readonly renditions: RenditionCache;
  readonly trail: AuditTrail;
  readonly proxies: TrustedProxies;
  readonly store: StoreInstances;
  readonly log: Logger;
  /** Counts answers by transaction and who made them. */
  readonly count: (transaction: string, source: "htj2k" | "orthanc" | "search" | "store" | "refused") => void;
}

/** nginx's named location that passes method, body, query and Accept on to Orthanc (nginx/). */
const TO_ORTHANC = { "X-Accel-Redirect": "@orthanc", "Cache-Control": "private, no-store" };

/**
 * The one way to an image: `/dicom-web/`. Decides who may, has it recorded, then answers frames from the HTJ2K rendition when the client
 * takes it and has nginx fetch everything else from Orthanc.
 */
export function dicomWebProxy(dependencies: DicomWebDependencies) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { trail, proxies } = dependencies;
    const [path, query] = splitUrl(request.url ?? "");
    const route = parseRoute(request.method ?? "", path);
    let transaction = "unknown";
    let principal: Principal | undefined;
    let recorded = false;
    try {
      principal = await authenticate(request, dependencies.tokens);
      if (route === undefined)
        throw new ApiError(404, "no-such-resource", "There is no such DICOMweb resource here.");
      ({ transaction } = route);
      const breakGlassId = await authorize(principal, route, dependencies.access);
      recorded = true;
      const use = { sopInstanceUid: route.sopInstanceUid, frames: route.frameNumbers?.length ?? 0 };
      const ofAll = isSearch(route) && route.studyInstanceUid === undefined;
      const access = dicomWebAccess(principal, proxies.sourceOf(request), route, {
        breakGlassId,
        ...(ofAll && { target: kindOfSearch(transaction, query) }),
      });
      // A search within one study belongs to the view of that study.
      const shown = (uids: readonly string[]) =>
        ofAll ? recordShown(access, uids, trail) : Promise.resolve();
      const writing = trail.count(access, use);
      // Requests that go on with an access wait for nothing.
      if (writing !== undefined) await writing;
      let source: "htj2k" | "orthanc" | "search" | "store";
      if (transaction === "retrieveFrames")
        source = await answerFrames(route, request, query, response, dependencies);
      else if (isSearch(route) && !isUnrestricted(principal)) {
        await answerSearch(principal, route, request, query, response, dependencies, (found) =>
          shown(studiesFound(found)),
        );
        source = "search";
      } else if (transaction === "storeInstances") {
        const record = uploadRecord(principal, proxies.sourceOf(request), trail);
        await dependencies.store(principal, route.studyInstanceUid, request, response, record);
        source = "store";
      } else {
        if (ofAll) await shown(await studiesNamed(query, dependencies.access.directory));
        source = toOrthanc(response);
      }
      dependencies.count(transaction, source);
    } catch (error) {
      dependencies.count(transaction, "refused");
      // What there is no such thing of was not accessed by anybody who is known.
      const nothing = recorded || (route === undefined && principal !== undefined);
      const source = proxies.sourceOf(request);
      const unwritten = nothing
        ? undefined
        : await unrecorded(() => trail.count(dicomWebAccess(principal, source, route, refusalOf(error))));
      sendProblem(response, unwritten ?? error, dependencies.log);
    }
  };
}

async function answerFrames(
  { studyInstanceUid = "", seriesInstanceUid = "", sopInstanceUid = "", frameNumbers = [] }: DicomWebRoute,
  request: IncomingMessage,
  query: string,
  response: ServerResponse,
  { renditions }: DicomWebDependencies,
): Promise<"htj2k" | "orthanc"> {
  // PS3.18 8.3.3.1: an accept query parameter stands in for the header.
  const accept = new URLSearchParams(query).get("accept") ?? request.headers.accept;
  const representations = acceptableRepresentations(accept);
  if (representations[0] === "orthanc" || representations.length === 0) return toOrthanc(response);
  const rendition =
    renditions.peek(addressOf(studyInstanceUid, seriesInstanceUid, sopInstanceUid)) ??
    (await renditions.find(studyInstanceUid, seriesInstanceUid, sopInstanceUid));
  if (rendition === null) return toOrthanc(response);

  const frames = frameNumbers.map((frameNumber) => {
    const frame = rendition.frame(frameNumber);
    if (frame === undefined)
      throw new ApiError(404, "no-such-frame", `The instance has ${rendition.numberOfFrames} frames.`);
    return frame;
  });
  const [single] = frames;
  const representation = representations.find(
    (candidate) => candidate !== "htj2k-single" || frames.length === 1,
  );
  if (representation === undefined)
    throw new ApiError(406, "not-acceptable", "Several frames are answered as multipart/related only.");
  if (representation === "orthanc") return toOrthanc(response);
  const { contentType, pieces, byteLength } =
    representation === "htj2k-single" && single !== undefined
      ? { contentType: HTJ2K_MEDIA_TYPE, pieces: [single], byteLength: single.byteLength }
      : multipartFrames(frames);
  response.writeHead(200, {
    "Content-Type": contentType,
    "Content-Length": byteLength,
    "Cache-Control": "private, no-cache",
    Vary: "Accept, Authorization",
  });
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
  response.uncork();
  return "htj2k";
}

function toOrthanc(response: ServerResponse): "orthanc" {
  response.writeHead(200, TO_ORTHANC);
  response.end();
  return "orthanc";
}

function splitUrl(url: string): [path: string, query: string] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}
