import type { Model } from "./model-registry.js";

/** Planes for a network, of one channel. */
export interface PlaneBatch {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns values each, normalised. */
  readonly planes: readonly Float32Array[];
}

export interface EngineAnswer {
  /**
   * `outputs[o][p]`: output o, in the manifest's order, of plane p; within its range. Channels of a pixel are next to
   * each other, whatever the network's own layout: rows × columns × channels, of a map rows / stride × columns / stride
   * × channels, of a vector channels.
   */
  readonly outputs: readonly (readonly Float32Array[])[];
  /** What computed it, e.g. "tfjs-wasm 4.22.0". */
  readonly engine: string;
  /**
   * Wall time of the network alone, of the slowest thread: from handing it its input to having its answer. Neither
   * loading, waiting for a thread, copying between threads nor the work on the planes before and after.
   */
  readonly modelMilliseconds: number;
}

/** Runs networks. Models are loaded once and kept; an engine serves several analyses at the same time. */
export interface Engine {
  /** What computes here, e.g. "tfjs-wasm 4.22.0". */
  readonly name: string;
  /** Planes that keep all its threads busy: handed over by so many, others can be prepared meanwhile. */
  readonly planesAtOnce: number;
  /** @throws an AbortError when the signal aborts; AnalysisError `model-output-invalid` */
  infer(model: Model, batch: PlaneBatch, signal?: AbortSignal): Promise<EngineAnswer>;
  close(): Promise<void>;
}
