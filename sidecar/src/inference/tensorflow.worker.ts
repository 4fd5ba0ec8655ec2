import { workerData } from "node:worker_threads";
import { AnalysisError, type AnalysisErrorCode } from "./analysis-error.js";
import type { EngineAnswer, PlaneBatch } from "./engine.js";
import type { Model } from "./model-registry.js";
import { TensorflowRuntime } from "./tensorflow-runtime.js";

/** Without a batch: only tells the engine. */
export interface InferTask {
  readonly work?: { readonly model: Model; readonly batch: PlaneBatch };
}

/** Errors lose their class between threads, so a fault of the model is an answer. */
export type InferResult =
  | {
      readonly ok: true;
      readonly engine: string;
      readonly outputs: EngineAnswer["outputs"];
      readonly milliseconds: number;
    }
  | { readonly ok: false; readonly code: AnalysisErrorCode; readonly message: string };

const runtime = await TensorflowRuntime.start();
for (const model of modelsToWarm()) {
  // A model that cannot run fails the analysis that asks for it, with the reason; the others go on.
  await runtime.warm(model).catch(() => undefined);
}

/** Runs a network on planes, in a worker thread. */
export default async function infer({ work }: InferTask): Promise<InferResult> {
  if (work === undefined) return { ok: true, engine: runtime.engine, outputs: [], milliseconds: 0 };
  try {
    return { ok: true, engine: runtime.engine, ...(await runtime.infer(work.model, work.batch)) };
  } catch (error) {
    if (error instanceof AnalysisError) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}

function modelsToWarm(): readonly Model[] {
  return (workerData as { models?: readonly Model[] } | null)?.models ?? [];
}
