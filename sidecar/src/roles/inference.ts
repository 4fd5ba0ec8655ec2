import { startWorker } from "../adapters/redis/bullmq-queue.js";
import { failAnalysis, runAnalysis, type Analyser } from "../analysis/run-analysis.js";
import { forgetInstance } from "../arrival/forget-instance.js";
import type { Config } from "../config.js";
import type { Connections } from "../connections.js";
import type { OrthancId } from "../dicom/uid.js";
import type { Metrics } from "../health/metrics.js";
import { analyseSeries } from "../inference/analyse-series.js";
import { openEngine } from "../inference/open-engine.js";
import type { Logger } from "../log.js";
import type { ModelShelf } from "./model-shelf.js";

/** The inference role: runs models on stable series. */
export async function startInference(
  config: Config,
  { archive, state, workerConnection }: Connections,
  models: ModelShelf,
  metrics: Metrics,
  log: Logger,
): Promise<{ engine(): string; stop(): Promise<void> }> {
  const engine = await openEngine({ threads: config.NEURONOVA_INFERENCE_THREADS, models: models.all() });
  const analyse: Analyser = async (analysis, series, instances, signal) => {
    const model = models.find(analysis.modelName, analysis.modelVersion);
    if (model === undefined) {
      return {
        kind: "not-applicable",
        code: "model-missing",
        reason: "The model is not installed any more.",
      };
    }
    return analyseSeries({
      model,
      engine,
      series,
      instances: instances.map(({ orthancId, dataSet }) => ({
        orthancId,
        sopInstanceUid:
          series.instances.find((instance) => instance.orthancId === orthancId)?.sopInstanceUid ?? "",
        dataSet,
      })),
      readFrame: (orthancId, frameIndex, format) => archive.readFrame(orthancId, frameIndex, format),
      createdAt: analysis.queuedAt,
      signal,
    });
  };
  const forget = (orthancId: OrthancId) =>
    forgetInstance(orthancId, { state, stableAfterSeconds: config.NEURONOVA_STABLE_AFTER_SECONDS });
  const dependencies = { archive, state, analyse, forget };
  const worker = startWorker(
    "run-analysis",
    {
      async work({ key, stamp }, signal) {
        const end = metrics.steps.startTimer({ step: "run-analysis" });
        await runAnalysis(Number(key), stamp, dependencies, signal).then(
          () => end({ outcome: "done" }),
          (error: unknown) => {
            end({ outcome: "fault" });
            throw error;
          },
        );
      },
      giveUp: ({ key, stamp }, error) => failAnalysis(Number(key), stamp, error, dependencies),
    },
    workerConnection(),
    log,
  );
  return {
    engine: () => engine.name,
    async stop() {
      await worker.stop();
      await engine.close();
    },
  };
}
