import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { AnalysisError } from "./analysis-error.js";
import type { PlaneBatch } from "./engine.js";
import type { Model } from "./model-registry.js";
import { planesOf } from "./output-planes.js";
import { PLANES_AT_ONCE } from "./planes-at-once.js";

/** Native bindings, fastest first; each registers the backend "tensorflow" when it can be loaded. */
const NATIVE = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

/** TensorFlow.js in one thread: the fastest backend that loads, and the models it has loaded. */
export class TensorflowRuntime {
  private readonly models = new Map<string, Promise<tf.LayersModel>>();

  private constructor(readonly engine: string) {}

  /** Chooses tfjs-node-gpu, tfjs-node or tfjs-wasm; never the `cpu` backend, which is 25 to 56 times slower. */
  static async start(): Promise<TensorflowRuntime> {
    for (const name of NATIVE) {
      // Not dependencies of ours: an operator installs them where they are wanted.
      const loaded = await import(name).then(() => tf.setBackend("tensorflow")).catch(() => false);
      if (loaded) return new TensorflowRuntime(`${name.replace("@tensorflow/", "")} ${tf.version.tfjs}`);
    }
    await import("@tensorflow/tfjs-backend-wasm");
    if (!(await tf.setBackend("wasm")))
      throw new Error("neither TensorFlow nor its wasm backend can be loaded");
    return new TensorflowRuntime(`tfjs-wasm ${tf.version.tfjs}`);
  }

  /** Loads a model and runs it once, so that the first analysis finds it warm. */
  async warm(model: Model): Promise<void> {
    const { sizeMultiple, matrix = { rows: sizeMultiple, columns: sizeMultiple } } =
      model.manifest.preprocessing;
    await this.infer(model, { ...matrix, planes: [new Float32Array(matrix.rows * matrix.columns)] });
  }

  /**
   * @returns the outputs in the manifest's order, and the milliseconds the network took, without loading it or looking
   * at its answer
   * @throws AnalysisError `model-output-invalid` when the answer is not what the manifest says
   */
  async infer(
    model: Model,
    { rows, columns, planes }: PlaneBatch,
  ): Promise<{ outputs: Float32Array[][]; milliseconds: number }> {
    const network = await this.load(model);
    const wanted = model.manifest.network.outputs;
    const outputs: Float32Array[][] = wanted.map(() => []);
    let milliseconds = 0;
    for (let start = 0; start < planes.length; start += PLANES_AT_ONCE) {
      const batch = planes.slice(start, start + PLANES_AT_ONCE);
      const values = new Float32Array(batch.length * rows * columns);
      batch.forEach((plane, index) => values.set(plane, index * rows * columns));
      const begun = performance.now();
      const answer = tf.tidy(() => network.predict(tf.tensor4d(values, [batch.length, rows, columns, 1])));
      const tensors = Array.isArray(answer) ? answer : [answer];
      try {
        const read = await Promise.all(
          wanted.map(async ({ name }) => {
            const tensor = tensors[network.outputNames.indexOf(name)];
            if (tensor === undefined)
              throw new AnalysisError("model-output-invalid", `the network has no output ${name}`);
            return { shape: tensor.shape, values: await tensor.data<"float32">() };
          }),
        );
        milliseconds += performance.now() - begun;
        wanted.forEach((output, at) => {
          const { values: all = new Float32Array(), shape = [] } = read[at] ?? {};
          outputs[at]?.push(...planesOf(output, all, shape, { planes: batch.length, rows, columns }));
        });
      } finally {
        tf.dispose(tensors);
      }
    }
    return { outputs, milliseconds };
  }

  /** Tensors alive: it stays the same however many analyses ran. */
  tensorCount(): number {
    return tf.memory().numTensors;
  }

  dispose(): void {
    for (const model of this.models.values()) void model.then((loaded) => loaded.dispose());
    this.models.clear();
  }

  private load(model: Model): Promise<tf.LayersModel> {
    const known = this.models.get(model.digest);
    if (known !== undefined) return known;
    const loading = loadLayersModel(model);
    this.models.set(model.digest, loading);
    loading.catch(() => this.models.delete(model.digest));
    return loading;
  }
}

async function loadLayersModel({ folder, manifest }: Model): Promise<tf.LayersModel> {
  if (manifest.format !== "tfjs-layers")
    throw new AnalysisError("model-format-unsupported", `models in ${manifest.format} cannot be run`);
  const { files } = manifest;
  const { modelTopology, weightSpecs } = JSON.parse(
    await readFile(join(folder, files.topology.path), "utf8"),
  ) as Pick<tf.io.ModelArtifacts, "modelTopology" | "weightSpecs">;
  const weights = await readFile(join(folder, files.weights.path));
  const weightData = new Uint8Array(weights).buffer;
  return tf.loadLayersModel(
    tf.io.fromMemory({
      ...(modelTopology === undefined ? {} : { modelTopology }),
      ...(weightSpecs === undefined ? {} : { weightSpecs }),
      weightData,
    }),
  );
}
