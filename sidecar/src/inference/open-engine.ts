import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { AnalysisError } from "./analysis-error.js";
import type { Engine, EngineAnswer, PlaneBatch } from "./engine.js";
import type { Model } from "./model-registry.js";
import { PLANES_AT_ONCE } from "./planes-at-once.js";
import type { InferResult, InferTask } from "./tensorflow.worker.js";

export interface EngineOptions {
  /** Worker threads; each has a network of its own, since the wasm backend computes in one thread only. */
  readonly threads: number;
  /** Loaded and run once in every thread before the engine is open. */
  readonly models: readonly Model[];
  /** The compiled worker; only tests that run from source name another. */
  readonly workerFile?: URL;
}

/** Opens the TensorFlow engine: a pool of worker threads, so that inference never blocks the event loop. */
export async function openEngine({ threads, models, workerFile }: EngineOptions): Promise<Engine> {
  const pool = new Piscina<InferTask, InferResult>({
    filename: fileURLToPath(workerFile ?? new URL("./tensorflow.worker.js", import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    workerData: { models },
  });
  const run = async (task: InferTask, signal?: AbortSignal) => {
    const result = await pool.run(task, signal === undefined ? {} : { signal });
    if (!result.ok) throw new AnalysisError(result.code, result.message);
    return result;
  };
  const { engine: name } = await run({});
  return {
    name,
    planesAtOnce: threads * PLANES_AT_ONCE,
    async infer(model, batch, signal): Promise<EngineAnswer> {
      const parts = await Promise.all(
        shares(batch, threads).map((part) => run({ work: { model, batch: part } }, signal)),
      );
      return {
        outputs: model.manifest.network.outputs.map((_, output) =>
          parts.flatMap(({ outputs }) => outputs[output] ?? []),
        ),
        engine: parts[0]?.engine ?? name,
        modelMilliseconds: Math.max(0, ...parts.map(({ milliseconds }) => milliseconds)),
      };
    },
    close: () => pool.close({ force: true }),
  };
}

/** The planes in as many equal shares as there are threads. */
function shares({ planes, ...matrix }: PlaneBatch, threads: number): PlaneBatch[] {
  const each = Math.ceil(planes.length / threads);
  const parts: PlaneBatch[] = [];
  for (let start = 0; start < planes.length; start += each) {
    parts.push({ ...matrix, planes: planes.slice(start, start + each) });
  }
  return parts;
}
