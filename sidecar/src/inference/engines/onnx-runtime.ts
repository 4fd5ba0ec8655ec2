import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import { AnalysisError } from "../analysis-error.js";
import type { Model } from "../model-registry.js";
import { LoadedOnce } from "./loaded-once.js";
import { inputShape, inputValues } from "./network-input.js";
import type { LoadedNetwork, NetworkRuntime, RawOutput } from "./network-runtime.js";

type Library = typeof import("onnxruntime-node");

/**
 * One thread for each session: planes are computed side by side by the worker threads, of which a setting says how
 * many, and a thread that waits for work does not spin.
 */
const SESSION: InferenceSession.SessionOptions = {
  executionProviders: ["cpu"],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  graphOptimizationLevel: "all",
  // Only errors: they are thrown as well.
  logSeverityLevel: 3,
};

/** ONNX Runtime on the CPU, in one thread. */
export class OnnxRuntime implements NetworkRuntime {
  readonly planesInACall = 1;
  readonly engine: string;
  private readonly sessions: LoadedOnce<OnnxNetwork>;

  private constructor(library: Library) {
    this.engine = `onnxruntime ${library.env.versions.node ?? library.env.versions.common} cpu`;
    this.sessions = new LoadedOnce((model) => open(library, model));
  }

  /** @throws Error when the library is not there for this machine */
  static async start(): Promise<OnnxRuntime> {
    return new OnnxRuntime(await import("onnxruntime-node"));
  }

  load(model: Model): Promise<LoadedNetwork> {
    return this.sessions.of(model);
  }

  async dispose(): Promise<void> {
    for (const { session } of await this.sessions.takeAll()) await session.release();
  }
}

interface OnnxNetwork extends LoadedNetwork {
  readonly session: InferenceSession;
}

async function open({ InferenceSession, Tensor }: Library, model: Model): Promise<OnnxNetwork> {
  const { manifest, folder } = model;
  if (manifest.format !== "onnx")
    throw new AnalysisError("model-format-unsupported", `models in ${manifest.format} are not ONNX`);
  const session = await InferenceSession.create(join(folder, manifest.files.network.path), SESSION);
  const { input, outputs } = manifest.network;
  if (session.inputNames.length !== 1 || session.inputNames[0] !== input.name) {
    await session.release();
    throw new Error(`the network takes ${session.inputNames.join(", ")}, the manifest says ${input.name}`);
  }
  const wanted = outputs.map(({ name }) => name);
  const missing = wanted.find((name) => !session.outputNames.includes(name));
  return {
    session,
    async call(batch) {
      if (missing !== undefined)
        throw new AnalysisError("model-output-invalid", `the network has no output ${missing}`);
      const { rows, columns, planes } = batch;
      const tensor = new Tensor(
        "float32",
        inputValues(batch),
        inputShape(model, planes.length, rows, columns),
      );
      const answer = await session.run({ [input.name]: tensor }, wanted);
      return outputs.map(({ name }): RawOutput => {
        const found = answer[name];
        if (!(found?.data instanceof Float32Array))
          throw new AnalysisError(
            "model-output-invalid",
            `the network's output ${name} is ${found?.type ?? "missing"}`,
          );
        return { shape: found.dims, values: found.data };
      });
    },
  };
}
