import { ArchiveError, type Archive } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import type { Logger } from "../log.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { State } from "../state/state.js";
import { forgetInstance } from "./forget-instance.js";
import { ArrivalError, recordsOf } from "./records.js";
import { refuseInstance } from "./refuse-instance.js";

/** What this program itself stores and withdraws. */
const RESULTS: ReadonlySet<string> = new Set(["SEG", "SR"]);

export interface ArrivalDependencies {
  readonly archive: Archive;
  readonly state: State;
  readonly queue: JobQueue;
  readonly stableAfterSeconds: number;
  readonly log: Logger;
}

/**
 * An instance is in the archive: remember it, open its series, have it rendered. Notification, change feed and sweep
 * all end here, in any order and as often as they like: the second time nothing happens.
 * @throws ArchiveError, StateUnavailable (retryable)
 */
export async function instanceArrived(
  orthancId: OrthancId,
  dependencies: ArrivalDependencies,
): Promise<void> {
  const { archive, state, queue, stableAfterSeconds, log } = dependencies;
  const known = await state.read.instance(orthancId);
  if (known !== null && known.fileUuid === ((await archive.fileUuid(orthancId)) ?? known.fileUuid)) return;
  try {
    const { study, series, instance } = recordsOf(await archive.describeInstance(orthancId));
    const outcome = await state.transaction(async (transaction) => {
      const recorded = await transaction.recordInstance(study, series, instance);
      if (recorded === "known") return recorded;
      await transaction.openSeries(series.orthancId, stableAfterSeconds);
      await transaction.appendEvent({
        event: "instance.arrived",
        studyInstanceUid: study.studyInstanceUid,
        seriesInstanceUid: series.seriesInstanceUid,
        sopInstanceUid: instance.sopInstanceUid,
      });
      return recorded;
    });
    if (outcome === "known") return;
    // A result withdrawn while it was being recorded: without this look it would be remembered until the next sweep.
    if (RESULTS.has(series.modality) && (await archive.fileUuid(orthancId)) === null) {
      await forgetInstance(orthancId, dependencies);
      return;
    }
    await queue
      .add([{ step: "transcode-instance", key: orthancId, stamp: instance.fileUuid }])
      .catch((error: unknown) => {
        // The row says "pending": the refill brings it into the queue when Redis is back.
        log.warn({ err: error, instance: orthancId }, "not queued yet");
      });
  } catch (error) {
    if (error instanceof ArchiveError && error.code === "instance-not-found") return;
    if (!(error instanceof ArrivalError)) throw error;
    await refuseInstance(orthancId, error, dependencies);
  }
}
