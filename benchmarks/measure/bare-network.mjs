import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SIDECAR = fileURLToPath(new URL("../../sidecar/", import.meta.url));
const SHIPPED = join(SIDECAR, "models/tumor_detection");
const ONNX = join(SIDECAR, "test/fixtures/models/tumor_detection_onnx");
const require = createRequire(join(SIDECAR, "package.json"));

/** @typedef {{ rows: number, columns: number, planes: Float32Array[] }} Batch */

/**
 * The demo model as the engine of this kind takes it.
 *
 * @param {"tensorflow" | "onnx"} kind
 * @param {string} folder where the bundle is put
 */
export async function demoBundle(kind, folder) {
  const { loadModel } = await import(join(SIDECAR, "dist/inference/model-registry.js"));
  if (kind === "tensorflow") return loadModel(SHIPPED);
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(SHIPPED, "manifest.json"), "utf8"));
  const network = readFileSync(join(ONNX, "model.onnx"));
  const sha256 = createHash("sha256").update(network).digest("hex");
  const first = (/** @type {object} */ tensor) => ({ ...tensor, layout: "NCHW" });
  copyFileSync(join(SHIPPED, manifest.card), join(folder, manifest.card));
  writeFileSync(join(folder, "model.onnx"), network);
  writeFileSync(
    join(folder, "manifest.json"),
    JSON.stringify({
      ...manifest,
      engine: "onnx",
      format: "onnx",
      files: { network: { path: "model.onnx", sha256 } },
      network: { input: first(manifest.network.input), outputs: manifest.network.outputs.map(first) },
    }),
  );
  return loadModel(folder);
}

/**
 * The library itself, as its documentation uses it, in the calling thread: slice by slice, each answer read.
 *
 * @param {"tensorflow" | "onnx"} kind
 * @param {{ folder: string }} model
 * @returns {Promise<{ run: (batch: Batch) => Promise<Float32Array[]>, close: () => Promise<void> }>}
 */
export async function bareNetwork(kind, { folder }) {
  return kind === "tensorflow" ? bareTensorflow(folder) : bareOnnx(folder);
}

/** @param {string} folder */
async function bareTensorflow(folder) {
  const tf = require("@tensorflow/tfjs");
  require("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  const { modelTopology, weightSpecs } = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
  const weightData = new Uint8Array(readFileSync(join(folder, "weights.bin"))).buffer;
  const network = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  return {
    /** @param {Batch} batch */
    async run({ rows, columns, planes }) {
      const answers = [];
      for (const plane of planes) {
        const answer = /** @type {import("@tensorflow/tfjs").Tensor} */ (
          tf.tidy(() => network.predict(tf.tensor4d(plane, [1, rows, columns, 1])))
        );
        answers.push(Float32Array.from(await answer.data()));
        answer.dispose();
      }
      return answers;
    },
    close: async () => void network.dispose(),
  };
}

/** @param {string} folder */
async function bareOnnx(folder) {
  const { InferenceSession, Tensor } = require("onnxruntime-node");
  const session = await InferenceSession.create(join(folder, "model.onnx"), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return {
    /** @param {Batch} batch */
    async run({ rows, columns, planes }) {
      const answers = [];
      for (const plane of planes) {
        const answer = await session.run({
          image: new Tensor("float32", plane, [1, 1, rows, columns]),
        });
        answers.push(Float32Array.from(/** @type {Float32Array} */ (answer["probability"]?.data ?? [])));
      }
      return answers;
    },
    close: () => session.release(),
  };
}
