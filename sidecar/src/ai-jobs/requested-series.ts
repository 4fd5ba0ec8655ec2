import type { Principal } from "../authorization/principal.js";
import type { StudyAccess } from "../authorization/study-access.js";
import type { State } from "../state/state.js";
import { findStudy } from "../studies/study-details.js";
import type { JobStore } from "./job-store.js";
import { findSeries, seriesNotFound, type RequestedSeries } from "./request-jobs.js";

/**
 * Which series are meant, for who may have models look at them.
 * @throws ApiError 403 `study-forbidden`; 404 `study-not-found`, `series-not-found`; 409 when patients share the UID
 */
export async function requestedSeries(
  {
    studyInstanceUid,
    seriesInstanceUid,
  }: { readonly studyInstanceUid?: string | undefined; readonly seriesInstanceUid?: string | undefined },
  principal: Principal,
  { state, jobs, access }: { readonly state: State; readonly jobs: JobStore; readonly access: StudyAccess },
): Promise<RequestedSeries> {
  if (seriesInstanceUid === undefined) {
    const uid = studyInstanceUid ?? "";
    await access.demand(principal, "run-model", uid);
    const study = await findStudy(uid, state.read);
    return {
      studyInstanceUid: uid,
      series: await state.read.seriesOfStudy(study.orthancId),
      choose: true,
    };
  }
  const place = await findSeries(seriesInstanceUid, studyInstanceUid, jobs);
  const decision = await access.decide(principal, "run-model", place.studyInstanceUid);
  // A series out of reach is answered like one that does not exist.
  if (!decision.granted) throw seriesNotFound();
  const series = await state.read.series(place.seriesId);
  if (series === null) throw seriesNotFound();
  return { studyInstanceUid: place.studyInstanceUid, series: [series], choose: false };
}
