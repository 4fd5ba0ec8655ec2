import { queueAnalyses, queueAnalysis } from "../analysis/queue-analyses.js";
import type { OrthancId } from "../dicom/uid.js";
import { ApiError } from "../error-response.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { AnalysisRequest } from "../state/records.js";
import type { SeriesDetails, State } from "../state/state.js";
import type { JobRow, JobStore } from "./job-store.js";

/** A model as a request names it; without a version the newest that is enabled. */
export interface WantedModel {
  readonly name: string;
  readonly version?: string | undefined;
}

/** What decides whether a person may have a model look at a series. */
export interface AskedSeries {
  readonly modality: string;
  /** Of all its instances. */
  readonly frameCount: number;
}

export function askedSeries({ modality, instances }: SeriesDetails): AskedSeries {
  return { modality, frameCount: instances.reduce((sum, { numberOfFrames }) => sum + numberOfFrames, 0) };
}

/** The models there are, as far as asking for one goes. */
export interface ModelChoice {
  /** null when there is no such model, or it is switched off. */
  find(wanted: WantedModel): { readonly name: string; readonly version: string } | null;
  /** Why a person may not have the model look at the series, or at one instance of it; null when they may. */
  refusal(
    model: { readonly name: string; readonly version: string },
    series: AskedSeries,
    level: "series" | "instance",
  ): string | null;
}

export interface RequestJobsDependencies {
  readonly state: State;
  readonly queue: JobQueue;
  readonly jobs: JobStore;
  readonly models: ModelChoice;
}

/**
 * Has a model look at series, as asked for by a person. What was analysed already, or waits to be, is answered as it
 * is: asking twice makes one job.
 * @param series of one study, as the request names them; those the model does not suit are left out when `choose`
 * @throws ApiError 404 `no-such-model`; 409 `series-receiving`; 422 `model-not-applicable` with the reasons
 */
export async function requestJobs(
  wanted: WantedModel,
  { studyInstanceUid, series, choose }: RequestedSeries,
  request: AnalysisRequest,
  dependencies: RequestJobsDependencies,
): Promise<JobRow[]> {
  const { state, jobs } = dependencies;
  const model = findModel(wanted, dependencies.models);
  const refused: string[] = [];
  const suited = series.filter((one) => {
    const reason = dependencies.models.refusal(model, askedSeries(one), "series");
    if (reason !== null) refused.push(reason);
    return reason === null;
  });
  if (suited.length === 0 || (!choose && refused.length > 0))
    throw new ApiError(
      422,
      "model-not-applicable",
      `The model is not for this: ${[...new Set(refused)].join("; ").slice(0, 500) || "there are no series"}.`,
    );
  if (suited.some((one) => one.state === "receiving"))
    throw new ApiError(
      409,
      "series-receiving",
      "Images of it are still arriving; ask again when it is stable.",
      {
        "Retry-After": "2",
      },
    );
  const ids = await state.transaction(async (transaction) => {
    const found: number[] = [];
    for (const one of suited)
      found.push((await queueAnalysis(transaction, studyInstanceUid, one, model, request)).analysis.id);
    return found;
  });
  // A queue that does not answer is filled by the refill later.
  await queueAnalyses(ids, dependencies).catch(() => undefined);
  const rows = await Promise.all(ids.map((id) => jobs.find(id)));
  return rows.filter((row) => row !== null);
}

export interface RequestedSeries {
  readonly studyInstanceUid: string;
  readonly series: readonly SeriesDetails[];
  /** Whether the request left it open which series. */
  readonly choose: boolean;
}

function findModel(wanted: WantedModel, models: ModelChoice) {
  const model = models.find(wanted);
  if (model === null)
    throw new ApiError(404, "no-such-model", "There is no such model, or it is switched off.");
  return model;
}

/** @throws ApiError 404 `series-not-found`; 409 `series-ambiguous` when patients share the UID */
export async function findSeries(
  seriesInstanceUid: string,
  studyInstanceUid: string | undefined,
  jobs: Pick<JobStore, "seriesByUid">,
): Promise<{ readonly seriesId: OrthancId; readonly studyInstanceUid: string }> {
  const found = (await jobs.seriesByUid(seriesInstanceUid)).filter(
    (place) => studyInstanceUid === undefined || place.studyInstanceUid === studyInstanceUid,
  );
  const [place, ...others] = found;
  if (place === undefined) throw seriesNotFound();
  if (others.length > 0)
    throw new ApiError(409, "series-ambiguous", "Series of different patients or studies have this UID.");
  return { seriesId: place.seriesId as OrthancId, studyInstanceUid: place.studyInstanceUid };
}

export function seriesNotFound(): ApiError {
  return new ApiError(404, "series-not-found", "There is no such series.");
}
