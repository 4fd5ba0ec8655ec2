import type { ModelChoice } from "../ai-jobs/request-jobs.js";
import { isReadableUid } from "../dicom/uid.js";
import { ApiError } from "../error-response.js";
import type { Synchronisation, SynchronisationReads } from "../outbox/synchronisation.js";
import { reviewView } from "../review/result-view.js";
import { isHeld, isWithdrawn } from "../review/standing-review.js";
import type { AnalysisRow, StudyRecord } from "../state/records.js";
import type { StateReads } from "../state/state.js";
import type { Catalogue, SeriesOverview } from "./catalogue.js";

/** What a person reads about a model beside its result. */
export interface ModelCaption {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly notice: string;
}

export interface StudyDetailsDependencies {
  readonly read: StateReads;
  readonly catalogue: Catalogue;
  readonly modelCaption: (name: string, version: string) => ModelCaption;
  readonly models: ModelsToAskFor;
  readonly synchronised: SynchronisationReads;
}

/** What a person may ask for, of the models that are switched on. */
export interface ModelsToAskFor extends Pick<ModelChoice, "refusal"> {
  /** The newest version of each. */
  names(): readonly { readonly name: string; readonly version: string }[];
}

/**
 * The one study with this UID.
 * @throws ApiError 404 `study-not-found`; 409 `study-ambiguous` when two patients share the UID: nobody is guessed
 */
export async function findStudy(
  studyInstanceUid: string,
  read: Pick<StateReads, "studiesByUid">,
): Promise<StudyRecord> {
  const found = isReadableUid(studyInstanceUid) ? await read.studiesByUid(studyInstanceUid) : [];
  const [study, ...others] = found;
  if (study === undefined) throw new ApiError(404, "study-not-found", "There is no such study.");
  if (others.length > 0)
    throw new ApiError(409, "study-ambiguous", "Studies of different patients have this Study Instance UID.");
  return study;
}

/** Whom a study is shown to. */
export interface ShownTo {
  /** Somebody who may review its results: what is held is for nobody else. */
  readonly mayReview: boolean;
  /** Somebody who may ask for, cancel and retry models' work on it. */
  readonly mayRunModel: boolean;
  /** Somebody who administers: the figures of models in shadow mode are for nobody else. */
  readonly withShadows: boolean;
  /** Somebody who may have what failed delivered again (docs/outbox.md). */
  readonly mayReplay: boolean;
}

/** A study with its series, AI results and FHIR resources. */
export async function studyDetails(
  studyInstanceUid: string,
  { mayReview, mayRunModel, withShadows, mayReplay }: ShownTo,
  { read, catalogue, modelCaption, models, synchronised }: StudyDetailsDependencies,
) {
  const study = await findStudy(studyInstanceUid, read);
  const results = read.analysesOfStudy(study.orthancId);
  const [summary, series, analyses, shadows, fhirResources, synchronisation] = await Promise.all([
    catalogue.summary(study.orthancId),
    catalogue.series(study.orthancId),
    results,
    withShadows ? read.shadowAnalysesOfStudy(study.orthancId) : [],
    catalogue.fhirResources(study.orthancId),
    synchronisationOf(study, results, synchronised),
  ]);
  if (summary === null) throw new ApiError(404, "study-not-found", "There is no such study.");
  const seriesUid = new Map(series.map(({ orthancId, seriesInstanceUid }) => [orthancId, seriesInstanceUid]));
  return {
    ...summary,
    series: series.map(seriesView),
    mayReview,
    mayRunModel,
    ...(mayRunModel ? { runnableModels: runnableModels(series, models, modelCaption) } : {}),
    results: analyses.map((analysis) =>
      resultView(analysis, seriesUid.get(analysis.seriesId) ?? "", mayReview, modelCaption),
    ),
    ...(withShadows
      ? {
          shadowResults: shadows.map((analysis) =>
            shadowView(analysis, seriesUid.get(analysis.seriesId) ?? "", modelCaption),
          ),
        }
      : {}),
    fhirResources,
    synchronisation,
    mayReplay,
  };
}

/** Where the study and its results have got to, for each system that they are told to. */
async function synchronisationOf(
  { orthancId }: StudyRecord,
  analyses: Promise<readonly AnalysisRow[]>,
  synchronised: SynchronisationReads,
): Promise<{ study: Synchronisation[]; results: { analysis: number; destinations: Synchronisation[] }[] }> {
  const ofAnalyses = async () => {
    const ids = (await analyses).map(({ id }) => String(id));
    return { ids, found: await synchronised.synchronisation("analysis", ids) };
  };
  const [study, { ids, found }] = await Promise.all([
    synchronised.synchronisation("study", [orthancId]),
    ofAnalyses(),
  ]);
  return {
    study: study.get(orthancId) ?? [],
    results: ids.flatMap((id) => {
      const destinations = found.get(id);
      return destinations === undefined ? [] : [{ analysis: Number(id), destinations }];
    }),
  };
}

/** The models that somebody may have look at series of the study, and at which. */
function runnableModels(
  series: readonly SeriesOverview[],
  models: ModelsToAskFor,
  modelCaption: StudyDetailsDependencies["modelCaption"],
) {
  return models.names().flatMap((model) => {
    const suited = series.filter((one) => models.refusal(model, one, "series") === null);
    if (suited.length === 0) return [];
    const seriesInstanceUids = suited.map(({ seriesInstanceUid }) => seriesInstanceUid);
    return [{ ...modelCaption(model.name, model.version), seriesInstanceUids }];
  });
}

/** What a model in shadow mode found: for who administers, never for a report. */
function shadowView(
  { id, state, reason, modelName, modelVersion, shadowResult }: AnalysisRow,
  sourceSeriesInstanceUid: string,
  modelCaption: StudyDetailsDependencies["modelCaption"],
) {
  return {
    id,
    mode: "shadow" as const,
    model: modelCaption(modelName, modelVersion),
    state,
    ...(reason === null ? {} : { reason }),
    sourceSeriesInstanceUid,
    ...(state === "succeeded" ? shadowResult : {}),
  };
}

function seriesView({
  seriesInstanceUid,
  modality,
  seriesNumber,
  seriesDescription,
  instanceCount,
  state,
  notRenderable,
  failed,
}: SeriesOverview) {
  return {
    seriesInstanceUid,
    modality,
    seriesNumber,
    seriesDescription,
    instanceCount,
    state,
    notRenderable,
    failed,
  };
}

function resultView(
  analysis: AnalysisRow,
  sourceSeriesInstanceUid: string,
  mayReview: boolean,
  modelCaption: StudyDetailsDependencies["modelCaption"],
) {
  const { id, state, code, reason, modelName, modelVersion, result, review } = analysis;
  const done = state === "succeeded" && (mayReview || !isHeld(analysis)) ? result : null;
  const isThere = !isWithdrawn(analysis);
  const address = ({
    seriesInstanceUid,
    sopInstanceUid,
  }: {
    seriesInstanceUid: string;
    sopInstanceUid: string;
  }) => ({
    seriesInstanceUid,
    sopInstanceUid,
  });
  return {
    id,
    model: modelCaption(modelName, modelVersion),
    state,
    ...(code === null ? {} : { code }),
    ...(reason === null ? {} : { reason }),
    ...(state === "running" ? { progress: progressOf(analysis) } : {}),
    sourceSeriesInstanceUid,
    segments: done?.segments ?? [],
    scores: done?.scores ?? [],
    ...(state === "succeeded"
      ? { held: isHeld(analysis), review: review == null ? null : reviewView(review) }
      : {}),
    ...(done === null
      ? {}
      : {
          ...(done.segmentation === null || !isThere ? {} : { segmentation: address(done.segmentation) }),
          ...(done.attention == null || !isThere ? {} : { attention: address(done.attention) }),
          ...(done.summaryImage == null || !isThere ? {} : { summaryImage: address(done.summaryImage) }),
          ...(isThere ? { report: address(done.report) } : {}),
          reportSopInstanceUid: done.report.sopInstanceUid,
          confidence: done.confidence,
          engine: done.engine,
          modelMilliseconds: done.modelMilliseconds,
          verification:
            done.report.sopInstanceUid === review?.verifiedSopInstanceUid ? "VERIFIED" : "UNVERIFIED",
        }),
  };
}

/** In slices. */
export function progressOf({ slices, slicesDone }: Pick<AnalysisRow, "slices" | "slicesDone">) {
  return { slicesDone: Math.min(slices, slicesDone), slices };
}
