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
import { isTakenByOrthanc } from "./search-query.js";
import { kindOfSearch, studiesFound, studiesNamed } from "./search-record.js";
import type { StoreInstances } from "../stow-rs/store-instances.js";
import { answerSearch } from "./answer-search.js";
import { authorize, isSearch } from "./authorize.js";
import { instanceOf } from "./instance-address.js";
import { retrieveFrames, type FrameDependencies } from "./retrieve-frames.js";
import { retrieveInstances } from "./retrieve-instances.js";
import { retrieveMetadata } from "./retrieve-metadata.js";
import { retrieveRendered, type RenderedDependencies } from "./retrieve-rendered.js";
import { parseRoute, type DicomWebRoute } from "./route.js";
import type { ArchiveSearch } from "./search-within-reach.js";
import { toOrthanc } from "./to-orthanc.js";

export interface DicomWebDependencies extends FrameDependencies {
  readonly tokens: TokenVerifier;
  readonly access: StudyAccess;
  readonly archive: ArchiveSearch;
  readonly pictures: RenderedDependencies;
  readonly trail: AuditTrail;
  readonly proxies: TrustedProxies;
  readonly store: StoreInstances;
  readonly log: Logger;
  /** Counts answers by transaction and who made them, and the frames in them. */
  readonly count: (
    transaction: string,
    source: "htj2k" | "orthanc" | "search" | "store" | "refused",
    frames: number,
  ) => void;
}

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
      const source = await answer({ principal, route, path, query, shown }, request, response, dependencies);
      dependencies.count(transaction, source, transaction === "retrieveFrames" ? use.frames : 0);
    } catch (error) {
      dependencies.count(transaction, "refused", 0);
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

type AnsweredBy = "htj2k" | "orthanc" | "search" | "store";

interface Asked {
  readonly principal: Principal;
  readonly route: DicomWebRoute;
  readonly path: string;
  readonly query: string;
  /** Told which studies a search of all shows. */
  readonly shown: (studyInstanceUids: readonly string[]) => Promise<void>;
}

async function answer(
  { principal, route, path, query, shown }: Asked,
  request: IncomingMessage,
  response: ServerResponse,
  dependencies: DicomWebDependencies,
): Promise<AnsweredBy> {
  const { transaction, frameNumbers } = route;
  const instance = instanceOf(route);
  if (transaction === "retrieveFrames" && instance !== undefined && frameNumbers !== undefined)
    return retrieveFrames(instance, frameNumbers, query, request, response, dependencies);
  if (transaction === "retrieveMetadata")
    return retrieveMetadata(route, path, query, request, response, dependencies);
  if (transaction === "retrieveRendered" || transaction === "retrieveThumbnail")
    return retrieveRendered(route, query, request, response, dependencies.pictures);
  if (transaction === "retrieve") return retrieveInstances(route, query, request, response, dependencies);
  if (isSearch(route) && (!isUnrestricted(principal) || !isTakenByOrthanc(query))) {
    await answerSearch(principal, route, request, query, response, dependencies, (found) =>
      shown(studiesFound(found)),
    );
    return "search";
  }
  if (transaction === "storeInstances") {
    const { trail, proxies, store } = dependencies;
    const record = uploadRecord(principal, proxies.sourceOf(request), trail);
    await store(principal, route.studyInstanceUid, request, response, record);
    return "store";
  }
  if (isSearch(route) && route.studyInstanceUid === undefined)
    await shown(await studiesNamed(query, dependencies.access.directory));
  return toOrthanc(response);
}

function splitUrl(url: string): [path: string, query: string] {
  const mark = url.indexOf("?");
  return mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
}
