import type { Job, JobQueue } from "../pipeline/job-queue.js";
import type { AnalysisPriority, AnalysisRequest, AnalysisRow } from "../state/records.js";
import type { PendingAnalysis, SeriesDetails, State, StateTransaction } from "../state/state.js";
import { inputDigest } from "./input-digest.js";
import { eventOf } from "./progress.js";

/** From here on a series is large: it is analysed one at a time, beside the others. */
const LARGE_SLICES = 200;
const CLASS: Readonly<Record<AnalysisPriority, number>> = { high: 1, medium: 2, low: 3 };
const CLASS_SIZE = 100_000;

/** Queues a model on a series as it is now, unless that is queued or done already. */
export async function queueAnalysis(
  transaction: StateTransaction,
  studyInstanceUid: string,
  series: SeriesDetails,
  {
    name,
    version,
    shadow = false,
  }: { readonly name: string; readonly version: string; readonly shadow?: boolean },
  request?: AnalysisRequest,
): Promise<{ readonly analysis: AnalysisRow; readonly queued: boolean }> {
  const input = {
    digest: inputDigest(series.instances),
    slices: series.instances.reduce((sum, { numberOfFrames }) => sum + numberOfFrames, 0),
  };
  const found = await transaction.queueAnalysis(series.orthancId, name, version, input, { request, shadow });
  const { analysis, queued } = found;
  const subject = { analysis, series, study: { studyInstanceUid } };
  if (queued && !shadow) await transaction.appendEvent(eventOf("analysis.queued", subject));
  return found;
}

/** Brings unfinished analyses into the queue, each at its turn. */
export async function queueAnalyses(
  ids: readonly number[],
  { state, queue }: { readonly state: State; readonly queue: JobQueue },
): Promise<void> {
  const pending = await state.read.pendingAmong(ids);
  await queue.add(pending.map(analysisJob));
}

/**
 * The job of an unfinished analysis. Within its priority, the first series of every study goes before the second of
 * any: a study of a hundred series does not keep a small one waiting.
 */
export function analysisJob({ id, inputDigest: stamp, priority, slices, ahead }: PendingAnalysis): Job {
  return {
    step: slices > LARGE_SLICES ? "run-large-analysis" : "run-analysis",
    key: String(id),
    stamp,
    priority: CLASS[priority] * CLASS_SIZE + Math.min(ahead, CLASS_SIZE - 1),
  };
}
