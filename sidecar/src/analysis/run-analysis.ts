import { ArchiveError, type Archive, type ArchivedInstance } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import { reasonOf } from "../pipeline/faults.js";
import type { AnalysisResult, AnalysisRow, StoredObject } from "../state/records.js";
import type { SeriesDetails, State } from "../state/state.js";
import { inputDigest } from "./input-digest.js";
import type { DestinationName } from "../outbox/message.js";
import type { SourceImages } from "./source-images.js";

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
      /** FRACTIONAL SEG of where the model looked. */
      readonly attention?: MadeObject | undefined;
      readonly report: MadeObject;
      readonly segments: AnalysisResult["segments"];
      readonly scores: NonNullable<AnalysisResult["scores"]>;
      readonly confidence: number | null;
      readonly engine: string;
      readonly modelMilliseconds: number;
    }
  | { readonly kind: "not-applicable"; readonly code: string; readonly reason: string };

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
  const result = await storeResult(outcome, dependencies);
  // The earlier input had a lesion and this one has none: its SEG is not true any more.
  for (const kind of ["segmentation", "attention"] as const) {
    const earlier = analysis.result?.[kind];
    if (result[kind] === null && earlier != null)
      await withdraw(earlier.seriesInstanceUid, null, dependencies);
  }
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

async function storeResult(
  outcome: Extract<AnalyserOutcome, { kind: "succeeded" }>,
  dependencies: RunAnalysisDependencies,
): Promise<AnalysisResult> {
  const { segmentation, attention, report, segments, scores, confidence, engine, modelMilliseconds } =
    outcome;
  // All at the same time; when one fails the others are not left running behind the back of the next attempt.
  const store = (made: MadeObject | undefined) => (made === undefined ? null : storeOnly(made, dependencies));
  const [storedSegmentation, storedAttention, storedReport] = await Promise.allSettled([
    store(segmentation),
    store(attention),
    storeOnly(report, dependencies),
  ]);
  if (storedSegmentation.status === "rejected") throw storedSegmentation.reason;
  if (storedAttention.status === "rejected") throw storedAttention.reason;
  if (storedReport.status === "rejected") throw storedReport.reason;
  return {
    segmentation: storedSegmentation.value,
    attention: storedAttention.value,
    report: storedReport.value,
    segments,
    scores,
    confidence,
    engine,
    modelMilliseconds,
  };
}

/** Stores an object and withdraws every other one of its series: series of results are this program's own. */
async function storeOnly(
  { seriesInstanceUid, sopInstanceUid, bytes }: MadeObject,
  { archive, forget }: RunAnalysisDependencies,
): Promise<StoredObject> {
  const orthancId = await archive.storeInstance(bytes);
  const held = await withdraw(seriesInstanceUid, orthancId, { archive, forget });
  if (!held) throw new ArchiveError("archive-refused", true, "Orthanc does not hold the result it accepted");
  return {
    orthancId,
    seriesInstanceUid: seriesInstanceUid as StoredObject["seriesInstanceUid"],
    sopInstanceUid: sopInstanceUid as StoredObject["sopInstanceUid"],
  };
}

/** Takes every instance of a result series but one out of the archive; answers whether the archive holds that one. */
async function withdraw(
  seriesInstanceUid: string,
  except: OrthancId | null,
  { archive, forget }: Pick<RunAnalysisDependencies, "archive" | "forget">,
): Promise<boolean> {
  const held = await archive.instancesOfSeries(seriesInstanceUid);
  const others = held.filter((orthancId) => orthancId !== except);
  for (const orthancId of others) {
    await archive.deleteInstance(orthancId);
    await forget(orthancId);
  }
  if (except === null || others.length === 0) return except !== null && held.includes(except);
  return (await archive.fileUuid(except)) !== null;
}
