import { startWorker } from "../adapters/redis/bullmq-queue.js";
import { forgetInstance } from "../arrival/forget-instance.js";
import { RECEPTION_TOPICS } from "../arrival/reception.js";
import type { Config } from "../config.js";
import { orthancSettings, type Connections } from "../connections.js";
import { isOrthancId, type OrthancId } from "../dicom/uid.js";
import type { Metrics } from "../health/metrics.js";
import type { Logger } from "../log.js";
import { reasonOf } from "../pipeline/faults.js";
import { gather } from "../pipeline/gather.js";
import { inTurn } from "../pipeline/in-turn.js";
import { finishInstances, type FinishedInstance } from "../transcoding/finish-instances.js";
import { ReceivingFirst } from "../transcoding/receiving-first.js";
import { transcodeInstance, type TranscodingDependencies } from "../transcoding/transcode-instance.js";
import { TranscodingThreads } from "./transcoding-threads.js";
import { startVerification } from "./verification.js";

/** What a statement costs is shared by the instances in progress. */
const GATHERING = { largest: 100, paceMilliseconds: 100 };

/** The transcoding role: takes instances from the queue and attaches their HTJ2K renditions. */
export function startTranscoding(
  config: Config,
  connections: Connections,
  metrics: Metrics,
  log: Logger,
): { stop(): Promise<void> } {
  const threads = config.NEURONOVA_TRANSCODING_THREADS;
  const renderer = new TranscodingThreads(threads, orthancSettings(config));
  const { archive, state } = connections;
  const stableAfterSeconds = config.NEURONOVA_STABLE_AFTER_SECONDS;
  const record = gather(async (finished: readonly FinishedInstance[]) => {
    await finishInstances(finished, { state, archive });
    return finished.map(() => undefined);
  }, GATHERING);
  const dependencies: TranscodingDependencies = {
    find: gather((orthancIds: readonly OrthancId[]) => state.read.instances(orthancIds), GATHERING),
    finish: async (finished) => {
      await record(finished);
      metrics.pipeline.finished(finished.instance, finished.outcome);
    },
    gone: async (orthancId: OrthancId) => {
      // Not left to the sweep: until then it would come into the queue again and again.
      if ((await archive.fileUuid(orthancId)) === null)
        await forgetInstance(orthancId, { state, stableAfterSeconds });
    },
    renderer,
    inTurn: inTurn(),
    rangesAtOnce: threads,
    tracer: connections.tracer,
  };
  const receivingFirst = new ReceivingFirst(config.NEURONOVA_RECEIVING_FIRST_SECONDS * 1_000);
  connections.onWake((topics) => {
    if (topics.has(RECEPTION_TOPICS.busy)) receivingFirst.busy();
    else if (topics.has(RECEPTION_TOPICS.quiet)) receivingFirst.quiet();
  });
  const worker = startWorker(
    "transcode-instance",
    {
      async work({ key }, signal) {
        if (!isOrthancId(key)) return;
        await receivingFirst.turn(signal);
        const end = metrics.steps.startTimer({ step: "transcode-instance" });
        await transcodeInstance(key, dependencies).then(
          () => end({ outcome: "done" }),
          (error: unknown) => {
            end({ outcome: "fault" });
            throw error;
          },
        );
      },
      async giveUp({ key, stamp }, error) {
        if (!isOrthancId(key)) return;
        const instance = await state.read.instance(key);
        metrics.pipeline.givenUp(error);
        await state.transaction(async (transaction) => {
          const failed = await transaction.markRenditionFailed(key, stamp, reasonOf(error));
          if (!failed || instance === null) return;
          const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance;
          await transaction.appendEvent({
            event: "instance.failed",
            studyInstanceUid,
            seriesInstanceUid,
            sopInstanceUid,
          });
        });
      },
    },
    connections.workerConnection(),
    log,
  );
  const verification = startVerification(
    config.NEURONOVA_VERIFICATIONS_PER_HOUR,
    renderer,
    connections,
    metrics,
    log,
  );
  return {
    async stop() {
      await Promise.all([worker.stop(), verification.stop()]);
      await renderer.close();
    },
  };
}
