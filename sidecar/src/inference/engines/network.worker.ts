import { threadId, workerData } from "node:worker_threads";
import { AnalysisError, type AnalysisErrorCode } from "../analysis-error.js";
import type { EngineAnswer, PlaneBatch } from "../engine.js";
import type { Model } from "../model-registry.js";
import type { NetworkRuntime } from "./network-runtime.js";
import { OnnxRuntime } from "./onnx-runtime.js";
import { runPlanes, warm } from "./run-planes.js";
import { TensorflowRuntime } from "./tensorflow-runtime.js";

export type RuntimeKind = "tensorflow" | "onnx";

/** What a worker thread is started with. */
export interface WorkerSetup {
  readonly kind: RuntimeKind;
  /** Loaded and run once before the first task. */
  readonly models: readonly Model[];
}

/** Without work: only tells the engine. */
export interface InferTask {
  readonly work?: {
    readonly model: Model;
    readonly batch: PlaneBatch;
    /** Shared with the thread that asks: once its only number is not 0, nothing more is computed. */
    readonly cancelled: Int32Array;
  };
}

/** Errors lose their class between threads, so a fault of the model is an answer. */
export type InferResult =
  | {
      readonly kind: "answered";
      readonly engine: string;
      /** Which thread it was. */
      readonly thread: number;
      readonly outputs: EngineAnswer["outputs"];
      readonly milliseconds: number;
    }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly code: AnalysisErrorCode; readonly message: string };

const { kind, models } = workerData as WorkerSetup;
const runtime: NetworkRuntime = kind === "onnx" ? await OnnxRuntime.start() : await TensorflowRuntime.start();
for (const model of models) {
  // A model that cannot run fails the analysis that asks for it, with the reason; the others go on.
  await warm(runtime, model).catch(() => undefined);
}

/** Runs a network on planes, in a worker thread. */
export default async function infer({ work }: InferTask): Promise<InferResult> {
  const told = { kind: "answered", engine: runtime.engine, thread: threadId } as const;
  if (work === undefined) return { ...told, outputs: [], milliseconds: 0 };
  const { model, batch, cancelled } = work;
  try {
    const answer = await runPlanes(runtime, model, batch, () => Atomics.load(cancelled, 0) !== 0);
    return answer === undefined ? { kind: "cancelled" } : { ...told, ...answer };
  } catch (error) {
    if (error instanceof AnalysisError) return { kind: "failed", code: error.code, message: error.message };
    throw error;
  }
}
