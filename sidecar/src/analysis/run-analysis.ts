import type { Archive, ArchivedInstance } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import { reasonOf } from "../pipeline/faults.js";
import { isAnsweredFor } from "../review/standing-review.js";
import type { AnalysisResult, AnalysisRow, StudyRecord } from "../state/records.js";
import type { SeriesDetails, State, StateTransaction } from "../state/state.js";
import { inputDigest } from "./input-digest.js";
import type { DestinationName } from "../outbox/message.js";
import { Progress, eventOf } from "./progress.js";
import { AnalysisCanceled } from "./running-analyses.js";
import type { AnalyserOutcome, SucceededOutcome } from "./outcome.js";
import type { SourceImages } from "./source-images.js";
import { figuresOf, withdrawSeries } from "./store-result.js";

/** Runs one model on the instances of a series. The same input gives the same bytes. */
export type Analyser = (
  analysis: AnalysisRow,
  series: SeriesDetails & { readonly studyInstanceUid: string },
  instances: readonly ArchivedInstance[],
  /** Told how many slices are done, as often as one likes. */
  progress: (slicesDone: number) => void,
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
  /** Forgets what was put aside of an analysis. */
  readonly discard: (analysisId: number) => Promise<void>;
  /** Where results are delivered to. */
  readonly destinations: readonly DestinationName[];
  /** The series that results of a model on a series are in, whether there are any or not. */
  readonly resultSeries: (analysis: AnalysisRow, where: SourceSeries) => readonly string[];
}

/** Which patient's series an analysis is of. */
export interface SourceSeries {
  readonly patientId: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
}

const DESCRIBED_AT_ONCE = 4;

/**
 * Runs a queued analysis: model, then SEG and SR into the archive, then the state with its message to FHIR.
 * Killed anywhere, it is done again with the same UIDs: the archive keeps what it has. Results of an earlier input
 * (an instance came late) are withdrawn, so that a series has one result of a model, and none of an input that is not
 * analysed any more. A shadow only leaves its figures in its row: nothing is stored, sent or told. When `signal` aborts with AnalysisCanceled it ends as canceled, with nothing left behind.
 */
export async function runAnalysis(
  id: number,
  digest: string,
  dependencies: RunAnalysisDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { state, images, analyse } = dependencies;
  const found = await findAnalysis(id, digest, dependencies);
  // Instances came or went since: the series settles again and queues the analysis anew.
  if (found === null || inputDigest(found.series.instances) !== digest) return;
  const { analysis, series, study } = found;
  if (analysis.cancelRequested) return endWithout(found, CANCELED, dependencies);
  if (analysis.state === "running" && analysis.interruptions + 1 >= MOST_INTERRUPTIONS)
    return endWithout(found, WORKER_DIED, dependencies);

  const started = state.transaction(async (transaction) => {
    if ((await transaction.startAnalysis(id, digest)) && analysis.attempts === 0 && !analysis.shadow)
      await transaction.appendEvent(eventOf("analysis.started", found));
  });
  const progress = new Progress(found, state);
  const analysed = async () => {
    const instances = await describeAll(images, series);
    if (instances === "changed") return instances;
    return analyse(
      analysis,
      { ...series, studyInstanceUid: study.studyInstanceUid },
      instances,
      // Nobody is told of a shadow: it never happened for those who treat the patient.
      (slicesDone) => (analysis.shadow ? undefined : progress.at(slicesDone)),
      signal,
    );
  };
  let outcome: AnalyserOutcome | "changed";
  try {
    [outcome] = await Promise.all([analysed(), started]);
  } catch (error) {
    if (signal.reason instanceof AnalysisCanceled) {
      await endWithout(found, CANCELED, dependencies);
      return;
    }
    await state
      .transaction((transaction) => transaction.interruptAnalysis(id, digest))
      .catch(() => undefined);
    throw error;
  } finally {
    await progress.end();
  }
  // An instance was overwritten and has not been recorded yet: the same.
  if (outcome === "changed") return;
  images.forget(series.instances);
  if (outcome.kind === "not-applicable")
    return endWithout(found, { state: "not-applicable", ...outcome }, dependencies);
  if (analysis.shadow) {
    const figures = figuresOf(outcome);
    await state.transaction((transaction) => transaction.finishAnalysis(id, digest, figures));
    return;
  }
  const result = await dependencies.keep(analysis, outcome);
  // The earlier input had a lesion and this one has none: its SEG is not true any more.
  for (const kind of ["segmentation", "attention", "summaryImage"] as const) {
    const earlier = analysis.result?.[kind];
    if (result[kind] == null && earlier != null)
      await withdrawSeries(earlier.seriesInstanceUid, null, dependencies);
  }
  const finished = await state.transaction(async (transaction) => {
    if (!(await transaction.finishAnalysis(id, digest, result))) return false;
    await deliver(transaction, found, dependencies);
    await transaction.appendEvent(eventOf("analysis.succeeded", found));
    return true;
  });
  if (finished) return;
  // Canceled while its result was being stored.
  const now = await state.read.analysis(id);
  if (now?.inputDigest === digest && now.cancelRequested)
    await endWithout({ ...found, analysis: now }, CANCELED, dependencies);
}

/** Records that an analysis has failed for good, with the reason. @throws what withdrawing an earlier result throws */
export async function failAnalysis(
  id: number,
  digest: string,
  error: unknown,
  dependencies: RunAnalysisDependencies,
): Promise<void> {
  const found = await findAnalysis(id, digest, dependencies);
  if (found === null) return;
  const code = (error as { code?: unknown } | null)?.code;
  await endWithout(
    found,
    { state: "failed", code: typeof code === "string" ? code : "unknown-fault", reason: reasonOf(error) },
    dependencies,
  );
}

/** So often may a process end while it works on one analysis: then it is the input that it ends of. */
const MOST_INTERRUPTIONS = 5;
const WORKER_DIED = {
  state: "failed",
  code: "worker-died",
  reason: `The process that analysed it ended ${MOST_INTERRUPTIONS} times without an answer.`,
} as const;
const CANCELED = { state: "canceled", code: "canceled", reason: "It was canceled." } as const;

interface End {
  readonly state: "failed" | "not-applicable" | "canceled";
  readonly code: string;
  readonly reason: string;
}

/**
 * Ends it with nothing to show: what an earlier input or a canceled attempt left is withdrawn, here and elsewhere. What
 * a person answers for stays until another result takes its place: it says which images it is of.
 */
async function endWithout(
  found: FoundAnalysis,
  { state: ended, code, reason }: End,
  dependencies: RunAnalysisDependencies,
): Promise<void> {
  const { analysis, series, study } = found;
  if (analysis.shadow) {
    await dependencies.state.transaction((transaction) =>
      transaction.endAnalysis(analysis.id, analysis.inputDigest, ended, code, reason),
    );
    return;
  }
  const keepResult = isAnsweredFor(analysis);
  const stored = analysis.result !== null || analysis.attempts > 0;
  if (stored && !keepResult) {
    const { patientId, studyInstanceUid } = study;
    const where = { patientId, studyInstanceUid, seriesInstanceUid: series.seriesInstanceUid };
    for (const seriesInstanceUid of dependencies.resultSeries(analysis, where))
      await withdrawSeries(seriesInstanceUid, null, dependencies);
    await dependencies.discard(analysis.id);
  }
  await dependencies.state.transaction(async (transaction) => {
    const { id, inputDigest: digest } = analysis;
    if (!(await transaction.endAnalysis(id, digest, ended, code, reason, keepResult))) return;
    if (analysis.result !== null && !keepResult) await deliver(transaction, found, dependencies);
    await transaction.appendEvent(eventOf(`analysis.${ended}`, found));
  });
}

interface FoundAnalysis {
  readonly analysis: AnalysisRow;
  readonly series: SeriesDetails;
  readonly study: StudyRecord;
}

/** The analysis while it is unfinished and of this input. */
async function findAnalysis(
  id: number,
  digest: string,
  { state }: Pick<RunAnalysisDependencies, "state">,
): Promise<FoundAnalysis | null> {
  const analysis = await state.read.analysis(id);
  if (analysis?.inputDigest !== digest || (analysis.state !== "queued" && analysis.state !== "running"))
    return null;
  const series = await state.read.series(analysis.seriesId);
  const study = series && (await state.read.study(series.studyId));
  return series === null || study === null ? null : { analysis, series, study };
}

async function deliver(
  transaction: StateTransaction,
  { analysis, study }: FoundAnalysis,
  { destinations }: RunAnalysisDependencies,
): Promise<void> {
  for (const destination of destinations)
    await transaction.addMessage({
      destination,
      aggregate: study.patientKey,
      kind: "analysis",
      subject: String(analysis.id),
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
