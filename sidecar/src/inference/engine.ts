import type { Model } from "./model-registry.js";

/** Planes for a network: one channel in, one probability per segment out. */
export interface PlaneBatch {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns values each, normalised. */
  readonly planes: readonly Float32Array[];
}

export interface EngineAnswer {
  /** For each plane rows × columns × segments probabilities, segments of a pixel next to each other. */
  readonly probabilities: readonly Float32Array[];
  /** What computed it, e.g. "tfjs-wasm 4.22.0". */
  readonly engine: string;
  /** Time the network itself took, summed over threads. */
  readonly modelMilliseconds: number;
}

/** Runs networks. Models are loaded once and kept; an engine serves several analyses at the same time. */
export interface Engine {
  /** What computes here, e.g. "tfjs-wasm 4.22.0". */
  readonly name: string;
  /** @throws an AbortError when the signal aborts; AnalysisError `model-output-invalid` */
  infer(model: Model, batch: PlaneBatch, signal?: AbortSignal): Promise<EngineAnswer>;
  close(): Promise<void>;
}
