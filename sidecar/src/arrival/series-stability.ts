import type { Logger } from "../log.js";
import type { Job, JobQueue } from "../pipeline/job-queue.js";
import type { Outcome } from "../pipeline/repeat.js";
import type { SeriesDetails, State } from "../state/state.js";
import { inputDigest } from "../analysis/input-digest.js";

export interface StabilityDependencies {
  readonly state: State;
  readonly queue: JobQueue;
  /** Models that apply to a series as it stands. */
  readonly applicableModels: (
    series: SeriesDetails,
    sliceCount: number,
  ) => readonly { name: string; version: string }[];
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
  const jobs: Job[] = [];
  const settled = await state.transaction(async (transaction) => {
    jobs.length = 0;
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
    const digest = inputDigest(series.instances);
    const slices = series.instances.reduce((sum, { numberOfFrames }) => sum + numberOfFrames, 0);
    for (const { name, version } of applicableModels(series, slices)) {
      const analysis = await transaction.queueAnalysis(claimed.seriesId, name, version, digest);
      if (analysis !== null) jobs.push({ step: "run-analysis", key: String(analysis.id), stamp: digest });
    }
    return true;
  });
  if (!settled) {
    const due = await state.read.millisecondsToNextStability();
    return due === null ? "idle" : { dueInMilliseconds: Math.max(due, HELD_MILLISECONDS) };
  }
  await queue.add(jobs).catch((error: unknown) => log.warn({ err: error }, "not queued yet"));
  return "more";
}
