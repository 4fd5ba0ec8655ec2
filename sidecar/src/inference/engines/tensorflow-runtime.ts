import { AnalysisError } from "../analysis-error.js";
import type { Model } from "../model-registry.js";
import { LoadedOnce } from "./loaded-once.js";
import type { LoadedNetwork, NetworkRuntime } from "./network-runtime.js";
import { loadWasmBackend, tf } from "./tensorflow-library.js";
import { loadTensorflowNetwork } from "./tensorflow-network.js";

/** Native bindings, fastest first; each registers the backend "tensorflow" when it can be loaded. */
const NATIVE = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
/** A graphics card is faster with several planes at once; in wasm they only take more memory. */
const PLANES_FOR_NATIVE = 8;

/** TensorFlow.js in one thread: the fastest backend that loads, and the models it has loaded. */
export class TensorflowRuntime implements NetworkRuntime {
  private readonly networks = new LoadedOnce((model) => {
    const { manifest } = model;
    if (manifest.engine !== "tensorflow")
      throw new AnalysisError(
        "model-format-unsupported",
        `models in ${manifest.format} are not TensorFlow.js'`,
      );
    return loadTensorflowNetwork(model, manifest);
  });

  private constructor(
    readonly engine: string,
    readonly planesInACall: number,
  ) {}

  /** Chooses tfjs-node-gpu, tfjs-node or tfjs-wasm; never the `cpu` backend, which is 25 to 56 times slower. */
  static async start(): Promise<TensorflowRuntime> {
    for (const name of NATIVE) {
      // Not dependencies of ours: an operator installs them where they are wanted.
      const loaded = await import(name).then(() => tf.setBackend("tensorflow")).catch(() => false);
      if (loaded)
        return new TensorflowRuntime(
          `${name.replace("@tensorflow/", "")} ${tf.version.tfjs}`,
          PLANES_FOR_NATIVE,
        );
    }
    loadWasmBackend();
    if (!(await tf.setBackend("wasm")))
      throw new Error("neither TensorFlow nor its wasm backend can be loaded");
    return new TensorflowRuntime(`tfjs-wasm ${tf.version.tfjs}`, 1);
  }

  load(model: Model): Promise<LoadedNetwork> {
    return this.networks.of(model);
  }

  /** Tensors alive: it stays the same however many analyses ran. */
  tensorCount(): number {
    return tf.memory().numTensors;
  }

  async dispose(): Promise<void> {
    for (const network of await this.networks.takeAll()) network.dispose();
  }
}
