import { ArchiveError, type Archive, type IndexedInstance } from "../archive/archive.js";
import type { OrthancId } from "../dicom/uid.js";
import type { Logger } from "../log.js";
import { isRetryable } from "../pipeline/faults.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { ArrivedInstance, InstanceRecord, SeriesRecord, StudyRecord } from "../state/records.js";
import type { State } from "../state/state.js";
import type { Tracer } from "../tracing/tracer.js";
import { ArrivalTraces, type ToldTraces } from "./arrival-traces.js";
import { forgetInstance } from "./forget-instance.js";
import { ArrivalError, instanceOf, parentsOf } from "./records.js";
import { refuseInstance } from "./refuse-instance.js";

/** What this program itself stores and withdraws. */
const RESULTS: ReadonlySet<string> = new Set(["SEG", "SR", "KO"]);

const LARGEST_BATCH = 200;

export interface ArrivalDependencies {
  readonly archive: Archive;
  readonly state: State;
  readonly queue: JobQueue;
  readonly stableAfterSeconds: number;
  /** What the archive received longer ago, and is found only now, is rendered in the background. */
  readonly backgroundAfterSeconds: number;
  readonly tracer: Tracer;
  readonly log: Logger;
}

const NOTHING_TOLD: ToldTraces = new Map();

/** Instances of one series; `parents` only when the series is not known yet. */
interface SeriesArrival {
  readonly seriesId: OrthancId;
  readonly parents: { readonly study: StudyRecord; readonly series: SeriesRecord } | null;
  readonly instances: ArrivedInstance[];
}

/**
 * Instances are in the archive: remember them, open their series, have them rendered. Notification, change feed and
 * sweep all end here, in any order and as often as they like: the second time nothing happens. Many at once cost
 * hardly more than one: the archive's index is asked once, and they are one transaction.
 * @param told the traces that notifications named
 * @throws ArchiveError, StateUnavailable (retryable)
 */
export async function instancesArrived(
  orthancIds: readonly OrthancId[],
  dependencies: ArrivalDependencies,
  told = NOTHING_TOLD,
): Promise<void> {
  for (let start = 0; start < orthancIds.length; start += LARGEST_BATCH) {
    const batch = orthancIds.slice(start, start + LARGEST_BATCH);
    await arriveTogether(batch, dependencies, told).catch((error: unknown) => {
      if (isRetryable(error) === true) throw error;
      return arriveAlone(batch, dependencies, told);
    });
  }
}

/** One of a batch cannot be recorded: the others must not wait for it. The sweep tries it again. */
async function arriveAlone(
  orthancIds: readonly OrthancId[],
  dependencies: ArrivalDependencies,
  told: ToldTraces,
): Promise<void> {
  for (const orthancId of orthancIds) {
    await arriveTogether([orthancId], dependencies, told).catch((error: unknown) => {
      if (isRetryable(error) === true) throw error;
      dependencies.log.error({ err: error, instance: orthancId }, "instance could not be recorded");
    });
  }
}

async function arriveTogether(
  orthancIds: readonly OrthancId[],
  dependencies: ArrivalDependencies,
  told: ToldTraces,
): Promise<void> {
  const { archive, state, queue, tracer, log } = dependencies;
  const [indexed, known] = await Promise.all([
    archive.indexedInstances(orthancIds),
    state.read.fileUuids(orthancIds),
  ]);
  const unknown = indexed.filter(({ orthancId, fileUuid }) => known.get(orthancId) !== fileUuid);
  if (unknown.length === 0) return;
  const traces = new ArrivalTraces(tracer, told);
  const arrivals = await bySeries(unknown, dependencies);
  for (const { instances } of arrivals)
    for (const [index, instance] of instances.entries()) {
      const traceparent = traces.begin(instance, !known.has(instance.orthancId));
      instances[index] = { ...instance, traceparent };
    }
  const recorded = await record(arrivals, dependencies);
  traces.end(recorded);
  const results = recorded.filter(({ modality }) => RESULTS.has(modality));
  const withdrawn = await forgetWithdrawn(results, dependencies);
  await queue
    .add(
      recorded
        // What may wait comes into the queue a little at a time (renditions/fill-background.ts).
        .filter(({ orthancId, urgency }) => urgency === "live" && !withdrawn.has(orthancId))
        .map(({ orthancId, fileUuid }) => ({ step: "transcode-instance", key: orthancId, stamp: fileUuid })),
    )
    .catch((error: unknown) => {
      // The rows say "pending": the refill brings them into the queue when Redis is back.
      log.warn({ err: error, instances: recorded.length }, "not queued yet");
    });
}

/** Sorted, so that two processes lock series in the same order. */
async function bySeries(
  indexed: readonly IndexedInstance[],
  dependencies: ArrivalDependencies,
): Promise<SeriesArrival[]> {
  const ids = [...new Set(indexed.map(({ seriesId }) => seriesId))].sort();
  const known = await dependencies.state.read.knownSeries(ids);
  const arrivals: SeriesArrival[] = [];
  for (const seriesId of ids) {
    const members = indexed.filter((instance) => instance.seriesId === seriesId);
    const arrival = await seriesArrival(seriesId, members, known.has(seriesId), dependencies);
    if (arrival !== null) arrivals.push(arrival);
  }
  return arrivals;
}

async function seriesArrival(
  seriesId: OrthancId,
  members: readonly IndexedInstance[],
  known: boolean,
  dependencies: ArrivalDependencies,
): Promise<SeriesArrival | null> {
  const { archive, backgroundAfterSeconds } = dependencies;
  const instances: ArrivedInstance[] = [];
  const liveSince = new Date(Date.now() - backgroundAfterSeconds * 1_000);
  let parents: SeriesArrival["parents"] = null;
  for (const indexed of members) {
    try {
      const instance = instanceOf(indexed, liveSince);
      if (!known) parents ??= parentsOf(await archive.describeInstance(indexed.orthancId));
      instances.push(instance);
    } catch (error) {
      if (error instanceof ArchiveError && error.code === "instance-not-found") continue;
      if (!(error instanceof ArrivalError)) throw error;
      await refuseInstance(indexed.orthancId, error, dependencies);
    }
  }
  return instances.length === 0 ? null : { seriesId, parents, instances };
}

/** @returns those that are new or have a new file, with the modality of their series */
async function record(
  arrivals: readonly SeriesArrival[],
  { state, stableAfterSeconds }: ArrivalDependencies,
): Promise<(ArrivedInstance & { readonly modality: string })[]> {
  return state.transaction(async (transaction) => {
    const recorded: (ArrivedInstance & { readonly modality: string })[] = [];
    for (const { seriesId, parents, instances } of arrivals) {
      const { studyInstanceUid, seriesInstanceUid, modality, fresh } = await transaction.recordInstances(
        seriesId,
        parents,
        instances,
      );
      if (fresh.length === 0) continue;
      await transaction.openSeries(seriesId, stableAfterSeconds);
      await transaction.appendEvents(
        fresh.map(({ sopInstanceUid }) => ({
          event: "instance.arrived",
          studyInstanceUid,
          seriesInstanceUid,
          sopInstanceUid,
        })),
      );
      recorded.push(...fresh.map((instance) => ({ ...instance, modality })));
    }
    return recorded;
  });
}

/** A result withdrawn while it was being recorded: without this look it would be remembered until the next sweep. */
async function forgetWithdrawn(
  results: readonly InstanceRecord[],
  dependencies: ArrivalDependencies,
): Promise<ReadonlySet<OrthancId>> {
  const ids = results.map(({ orthancId }) => orthancId);
  const held = new Set((await dependencies.archive.indexedInstances(ids)).map(({ orthancId }) => orthancId));
  const withdrawn = ids.filter((orthancId) => !held.has(orthancId));
  for (const orthancId of withdrawn) await forgetInstance(orthancId, dependencies);
  return new Set(withdrawn);
}
