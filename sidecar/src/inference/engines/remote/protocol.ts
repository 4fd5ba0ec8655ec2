import type { PlaneBatch } from "../../engine.js";
import type { Model } from "../../model-registry.js";
import type { RawOutput } from "../network-runtime.js";
import type { InferenceServer, ServerAnswer, ServerRequest } from "./inference-server.js";

/** What a server says of itself. */
export interface ServerDescription {
  /** For people and the SR, e.g. "open-inference triton 2.51.0". */
  readonly engine: string;
  /** Tensors may go as bytes beside the JSON (binary tensor data extension). */
  readonly binaryTensors: boolean;
  /** Tensors of the model by name; undefined where the server does not tell. */
  readonly inputs: readonly string[] | undefined;
  readonly outputs: readonly string[] | undefined;
}

/** How inference is asked for over HTTP. */
export interface Protocol {
  /** @throws InferenceServerFault */
  describe(server: InferenceServer, remote: RemoteModel, signal?: AbortSignal): Promise<ServerDescription>;
  /** Answered with 2xx when the model can be used. */
  readiness(remote: RemoteModel): ServerRequest;
  /** @throws InferenceServerFault when the answer to `readiness` says that it is not */
  assertReady(answer: ServerAnswer): void;
  request(model: Model, remote: RemoteModel, batch: PlaneBatch, binary: boolean): ServerRequest;
  /** @throws AnalysisError `model-output-invalid` when there is no such output in it or it cannot be read */
  outputs(model: Model, answer: ServerAnswer): RawOutput[];
}

/** A model as its server names it. */
export interface RemoteModel {
  readonly model: string;
  readonly version?: string | undefined;
}
