import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { startWorker } from "../adapters/redis/bullmq-queue.js";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import { isOrthancId } from "../dicom/uid.js";
import type { Metrics } from "../health/metrics.js";
import type { Logger } from "../log.js";
import { reasonOf } from "../pipeline/faults.js";
import type { RenderFrameResult, RenderFrameTask } from "../transcoding/render-frame.worker.js";
import { CODEC } from "../transcoding/htj2k-codec.js";
import { transcodeInstance } from "../transcoding/transcode-instance.js";

/** The transcoding role: takes instances from the queue and attaches their HTJ2K renditions. */
export function startTranscoding(
  config: Config,
  connections: Connections,
  metrics: Metrics,
  log: Logger,
): { stop(): Promise<void> } {
  const threads = config.NEURONOVA_TRANSCODING_THREADS;
  const pool = new Piscina<RenderFrameTask, RenderFrameResult>({
    filename: fileURLToPath(new URL("../transcoding/render-frame.worker.js", import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
  });
  const dependencies = {
    archive: connections.archive,
    state: connections.state,
    renderFrame: (task: RenderFrameTask) => pool.run(task, { transferList: [task.bytes.buffer] }),
    codec: CODEC,
    framesAtOnce: threads,
  };
  const worker = startWorker(
    "transcode-instance",
    {
      async work({ key }) {
        if (!isOrthancId(key)) return;
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
        const instance = await connections.state.read.instance(key);
        await connections.state.transaction(async (transaction) => {
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
  return {
    async stop() {
      await worker.stop();
      await pool.close();
    },
  };
}
