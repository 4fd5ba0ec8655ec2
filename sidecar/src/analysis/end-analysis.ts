import type { DestinationName } from "../outbox/message.js";
import { reasonOf } from "../pipeline/faults.js";
import { isAnsweredFor } from "../review/standing-review.js";
import type { AnalysisRow, StudyRecord } from "../state/records.js";
import type { SeriesDetails, State, StateTransaction } from "../state/state.js";
import { eventOf } from "./progress.js";
import { withdrawSeries, type ArchiveOfResults } from "./store-result.js";

export interface EndAnalysisDependencies extends ArchiveOfResults {
  readonly state: State;
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

/** Records that an analysis has failed for good, with the reason. @throws what withdrawing an earlier result throws */
export async function failAnalysis(
  id: number,
  digest: string,
  error: unknown,
  dependencies: EndAnalysisDependencies,
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

/** Ends an analysis that somebody canceled, also when it has stored something already. */
export async function endCanceled(
  id: number,
  digest: string,
  dependencies: EndAnalysisDependencies,
): Promise<void> {
  const found = await findAnalysis(id, digest, dependencies);
  if (found?.analysis.cancelRequested === true) await endWithout(found, CANCELED, dependencies);
}

/** So often may a process end while it works on one analysis: then it is the input that it ends of. */
export const MOST_INTERRUPTIONS = 5;
export const WORKER_DIED = {
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
export async function endWithout(
  found: FoundAnalysis,
  { state: ended, code, reason }: End,
  dependencies: EndAnalysisDependencies,
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

export interface FoundAnalysis {
  readonly analysis: AnalysisRow;
  readonly series: SeriesDetails;
  readonly study: StudyRecord;
}

/** The analysis while it is unfinished and of this input. */
export async function findAnalysis(
  id: number,
  digest: string,
  { state }: Pick<EndAnalysisDependencies, "state">,
): Promise<FoundAnalysis | null> {
  const analysis = await state.read.analysis(id);
  if (analysis?.inputDigest !== digest || (analysis.state !== "queued" && analysis.state !== "running"))
    return null;
  const series = await state.read.series(analysis.seriesId);
  const study = series && (await state.read.study(series.studyId));
  return series === null || study === null ? null : { analysis, series, study };
}

export async function deliver(
  transaction: StateTransaction,
  { analysis, study }: FoundAnalysis,
  { destinations }: EndAnalysisDependencies,
): Promise<void> {
  for (const destination of destinations)
    await transaction.addMessage({
      destination,
      aggregate: study.patientKey,
      kind: "analysis",
      subject: String(analysis.id),
    });
}
