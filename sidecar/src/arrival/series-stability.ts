import type { Logger } from "../log.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { Outcome } from "../pipeline/repeat.js";
import type { SeriesDetails, SeriesToSettle, State, StateTransaction } from "../state/state.js";
import { queueAnalyses, queueAnalysis } from "../analysis/queue-analyses.js";
import { withTrace } from "../tracing/active-trace.js";
import type { Span, Tracer } from "../tracing/tracer.js";
import { seriesTrace } from "./series-trace.js";

export interface StabilityDependencies {
  readonly state: State;
  readonly queue: JobQueue;
  /** Models that apply to a series as it stands. */
  readonly applicableModels: (
    series: SeriesDetails,
    sliceCount: number,
  ) => readonly { name: string; version: string; shadow: boolean }[];
  readonly tracer: Tracer;
  readonly log: Logger;
}

/** A series that is due but held by another process is looked at again after this long. */
const HELD_MILLISECONDS = 5;

/**
 * Settles one series whose quiet time is over: it is stable, the models that apply are queued, FHIR is told.
 * When none is due, says when the next will be.
 * Orthanc's own StableSeries is not used: it is lost when Orthanc stops (facts, 1).
 */
export async function settleQuietSeries(dependencies: StabilityDependencies): Promise<Outcome> {
  const { state, queue, tracer, log } = dependencies;
  const due = await state.read.millisecondsToNextStability();
  if (due === null) return "idle";
  if (due > 0) return { dueInMilliseconds: due };
  let queued: number[] = [];
  let span: Span | undefined;
  const settled = await state.transaction(async (transaction) => {
    queued = [];
    span = undefined;
    const claimed = await transaction.claimQuietSeries();
    if (claimed === null) return false;
    const series = await state.read.series(claimed.seriesId);
    await transaction.settleSeries(claimed.seriesId);
    if (series === null) return true;
    span = tracer.begin("settle-series", {
      ...seriesTrace(series.instances),
      kind: "consumer",
      attributes: { "orthanc.series": claimed.seriesId, "orthanc.study": claimed.studyId },
    });
    queued = await withTrace(span?.context, () => tell(claimed, series, transaction, dependencies));
    return true;
  });
  if (!settled) return { dueInMilliseconds: HELD_MILLISECONDS };
  span?.end();
  await queueAnalyses(queued, { state, queue }).catch((error: unknown) =>
    log.warn({ err: error }, "not queued yet"),
  );
  return "more";
}

/** @returns the analyses that are queued anew */
async function tell(
  claimed: SeriesToSettle,
  series: SeriesDetails,
  transaction: StateTransaction,
  { state, applicableModels }: StabilityDependencies,
): Promise<number[]> {
  const queued: number[] = [];
  await transaction.appendEvent({
    event: "series.stable",
    studyInstanceUid: claimed.studyInstanceUid,
    seriesInstanceUid: claimed.seriesInstanceUid,
    data: { instances: series.instances.length },
  });
  await transaction.addMessage({
    destination: "fhir",
    aggregate: claimed.patientKey,
    kind: "study",
    subject: claimed.studyId,
  });
  const slices = series.instances.reduce((sum, { numberOfFrames }) => sum + numberOfFrames, 0);
  const models = [
    ...applicableModels(series, slices),
    // Asked for by a person: of the series as it is now, too.
    ...(await state.read.modelsRequestedFor(claimed.seriesId)),
  ];
  for (const model of models) {
    const { analysis, queued: anew } = await queueAnalysis(
      transaction,
      claimed.studyInstanceUid,
      series,
      model,
    );
    if (anew) queued.push(analysis.id);
  }
  return queued;
}
