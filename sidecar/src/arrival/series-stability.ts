import type { Logger } from "../log.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { Outcome } from "../pipeline/repeat.js";
import type { SeriesDetails, State } from "../state/state.js";
import { queueAnalyses, queueAnalysis } from "../analysis/queue-analyses.js";

export interface StabilityDependencies {
  readonly state: State;
  readonly queue: JobQueue;
  /** Models that apply to a series as it stands. */
  readonly applicableModels: (
    series: SeriesDetails,
    instanceCount: number,
  ) => readonly { name: string; version: string; shadow: boolean }[];
  readonly log: Logger;
}

/** A series that is due but held by another process is looked at again after this long. */
const HELD_MILLISECONDS = 5;

/**
 * Settles one series whose quiet time is over: it is stable, the models that apply are queued, FHIR is told.
 * When none is due, says when the next will be.
 * Orthanc's own StableSeries is not used: it is lost when Orthanc stops (facts, 1).
 */
export async function settleQuietSeries({
  state,
  queue,
  applicableModels,
  log,
}: StabilityDependencies): Promise<Outcome> {
  const queued: number[] = [];
  const settled = await state.transaction(async (transaction) => {
    queued.length = 0;
    const claimed = await transaction.claimQuietSeries();
    if (claimed === null) return false;
    const series = await state.read.series(claimed.seriesId);
    await transaction.settleSeries(claimed.seriesId);
    if (series === null) return true;
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
    const models = [
      ...applicableModels(series, series.instances.length),
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
    return true;
  });
  if (!settled) {
    const due = await state.read.millisecondsToNextStability();
    return due === null ? "idle" : { dueInMilliseconds: Math.max(due, HELD_MILLISECONDS) };
  }
  await queueAnalyses(queued, { state, queue }).catch((error: unknown) =>
    log.warn({ err: error }, "not queued yet"),
  );
  return "more";
}
