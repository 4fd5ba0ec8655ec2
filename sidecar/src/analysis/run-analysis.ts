import type { Archive, ArchivedInstance } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import { reasonOf } from "../pipeline/faults.js";
import type { AnalysisResult, AnalysisRow } from "../state/records.js";
import type { SeriesDetails, State } from "../state/state.js";
import { inputDigest } from "./input-digest.js";
import type { DestinationName } from "../outbox/message.js";
import type { SourceImages } from "./source-images.js";
import { withdrawSeries } from "./store-result.js";

/** A SEG or SR made by a model, not stored yet. */
export interface MadeObject {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly bytes: Uint8Array;
}

export type AnalyserOutcome =
  | {
      readonly kind: "succeeded";
      readonly segmentation: MadeObject | undefined;
      readonly report: MadeObject;
      readonly segments: AnalysisResult["segments"];
      readonly confidence: number | null;
      readonly engine: string;
      readonly modelMilliseconds: number;
    }
  | { readonly kind: "not-applicable"; readonly code: string; readonly reason: string };

export type SucceededOutcome = Extract<AnalyserOutcome, { readonly kind: "succeeded" }>;

/** Runs one model on the instances of a series. The same input gives the same bytes. */
export type Analyser = (
  analysis: AnalysisRow,
  series: SeriesDetails & { readonly studyInstanceUid: string },
  instances: readonly ArchivedInstance[],
  signal: AbortSignal,
) => Promise<AnalyserOutcome>;

export interface RunAnalysisDependencies {
  readonly archive: Archive;
  readonly state: State;
  readonly images: SourceImages;
  readonly analyse: Analyser;
  /** Forgets an instance that was withdrawn from the archive. */
  readonly forget: (orthancId: OrthancId) => Promise<void>;
  /** Puts a result where results go: into the archive, or aside until it is reviewed. */
  readonly keep: (analysis: AnalysisRow, outcome: SucceededOutcome) => Promise<AnalysisResult>;
  /** Where results are delivered to. */
  readonly destinations: readonly DestinationName[];
}

const DESCRIBED_AT_ONCE = 4;

/**
 * Runs a queued analysis: model, then SEG and SR into the archive, then the state with its message to FHIR.
 * Killed anywhere, it is done again with the same UIDs: the archive keeps what it has. Results of an earlier input
 * (an instance came late) are withdrawn, so that a series has one result of a model.
 */
export async function runAnalysis(
  id: number,
  digest: string,
  dependencies: RunAnalysisDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { state, images, analyse } = dependencies;
  const analysis = await state.read.analysis(id);
  if (analysis?.inputDigest !== digest || (analysis.state !== "queued" && analysis.state !== "running"))
    return;
  const series = await state.read.series(analysis.seriesId);
  const study = series && (await state.read.study(series.studyId));
  if (series === null || study === null) return;
  // Instances came or went since: the series settles again and queues the analysis anew.
  if (inputDigest(series.instances) !== digest) return;

  const where = { studyInstanceUid: study.studyInstanceUid, seriesInstanceUid: series.seriesInstanceUid };
  const model = { model: analysis.modelName, version: analysis.modelVersion };
  const started = state.transaction(async (transaction) => {
    const first = analysis.state === "queued";
    if ((await transaction.startAnalysis(id, digest)) && first) {
      await transaction.appendEvent({
        event: "analysis.started",
        ...where,
        data: { analysis: id, ...model },
      });
    }
  });

  const analysed = async () => {
    const instances = await describeAll(images, series);
    if (instances === "changed") return instances;
    return analyse(analysis, { ...series, studyInstanceUid: study.studyInstanceUid }, instances, signal);
  };
  const [outcome] = await Promise.all([analysed(), started]);
  // An instance was overwritten and has not been recorded yet: the same.
  if (outcome === "changed") return;
  images.forget(series.instances);
  if (outcome.kind === "not-applicable") {
    await state.transaction((transaction) =>
      transaction.endAnalysis(id, digest, "not-applicable", outcome.code, outcome.reason),
    );
    return;
  }
  const result = await dependencies.keep(analysis, outcome);
  // The earlier input had a lesion and this one has none: its SEG is not true any more.
  const earlier = analysis.result?.segmentation;
  if (result.segmentation === null && earlier != null)
    await withdrawSeries(earlier.seriesInstanceUid, null, dependencies);
  await state.transaction(async (transaction) => {
    if (!(await transaction.finishAnalysis(id, digest, result))) return;
    for (const destination of dependencies.destinations)
      await transaction.addMessage({
        destination,
        aggregate: study.patientKey,
        kind: "analysis",
        subject: String(id),
      });
    await transaction.appendEvent({
      event: "analysis.succeeded",
      ...where,
      data: { analysis: id, ...model },
    });
  });
}

/** Records that an analysis has failed for good, with the reason. */
export async function failAnalysis(
  id: number,
  digest: string,
  error: unknown,
  { state }: Pick<RunAnalysisDependencies, "state">,
): Promise<void> {
  const analysis = await state.read.analysis(id);
  const series = analysis && (await state.read.series(analysis.seriesId));
  const study = series && (await state.read.study(series.studyId));
  const code = (error as { code?: unknown } | null)?.code;
  await state.transaction(async (transaction) => {
    const failed = await transaction.endAnalysis(
      id,
      digest,
      "failed",
      typeof code === "string" ? code : "unknown-fault",
      reasonOf(error),
    );
    if (!failed || !series || !study) return;
    await transaction.appendEvent({
      event: "analysis.failed",
      studyInstanceUid: study.studyInstanceUid,
      seriesInstanceUid: series.seriesInstanceUid,
      data: { analysis: id, model: analysis.modelName, version: analysis.modelVersion },
    });
  });
}

async function describeAll(
  images: SourceImages,
  { instances }: SeriesDetails,
): Promise<ArchivedInstance[] | "changed"> {
  const described: ArchivedInstance[] = [];
  for (let start = 0; start < instances.length; start += DESCRIBED_AT_ONCE) {
    const batch = instances.slice(start, start + DESCRIBED_AT_ONCE);
    described.push(...(await Promise.all(batch.map((instance) => images.describe(instance)))));
  }
  const changed = described.some(({ fileUuid }, index) => fileUuid !== instances[index]?.fileUuid);
  return changed ? "changed" : described;
}
