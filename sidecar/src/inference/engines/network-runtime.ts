import type { PlaneBatch } from "../engine.js";
import type { Model } from "../model-registry.js";

/** What a network answered with for one output: its own shape and layout, nothing checked yet. */
export interface RawOutput {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A library that computes networks, in one thread: what is particular to TensorFlow.js or ONNX Runtime. */
export interface NetworkRuntime {
  /** What computes here, e.g. "onnxruntime 1.30.0 cpu". */
  readonly engine: string;
  /** Planes that one call computes together; between two calls an analysis can be cancelled. */
  readonly planesInACall: number;
  /**
   * Loads a model, once; it stays loaded.
   * @throws AnalysisError `model-not-loadable`
   */
  load(model: Model): Promise<LoadedNetwork>;
  /** Frees every model. */
  dispose(): Promise<void>;
}

export interface LoadedNetwork {
  /**
   * Computes the planes of a batch together.
   * @returns the outputs in the manifest's order
   * @throws AnalysisError `model-output-invalid` when the network lacks one of them; whatever the library throws
   */
  call(batch: PlaneBatch): Promise<readonly RawOutput[]>;
}
