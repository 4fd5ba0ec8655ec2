import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { GraphModel, LayersModel, Tensor, io } from "@tensorflow/tfjs";
import { AnalysisError } from "../analysis-error.js";
import type { PlaneBatch } from "../engine.js";
import type { ManifestOf } from "../model-manifest.js";
import type { Model } from "../model-registry.js";
import { inputShape, inputValues } from "./network-input.js";
import type { LoadedNetwork, RawOutput } from "./network-runtime.js";
import { tf } from "./tensorflow-library.js";

type TensorflowManifest = ManifestOf<"tfjs-layers"> | ManifestOf<"tfjs-graph">;
type Signature = Readonly<Record<string, { readonly name: string }>>;

/** What `model.json` holds, as the training scripts or tensorflowjs_converter write it. */
interface Topology {
  readonly modelTopology: io.ModelArtifacts["modelTopology"];
  readonly weightSpecs?: io.WeightsManifestEntry[];
  readonly weightsManifest?: io.WeightsManifestConfig;
  readonly signature?: { readonly inputs?: Signature; readonly outputs?: Signature };
}

export interface TensorflowNetwork extends LoadedNetwork {
  dispose(): void;
}

/** Loads a tfjs-layers or tfjs-graph model from its bundle. @throws Error with the reason */
export async function loadTensorflowNetwork(
  model: Model,
  manifest: TensorflowManifest,
): Promise<TensorflowNetwork> {
  const { files } = manifest;
  const topology = JSON.parse(await readFile(join(model.folder, files.topology.path), "utf8")) as Topology;
  const weightFiles = [files.weights].flat();
  const named = topology.weightsManifest?.flatMap(({ paths }) => paths);
  if (named !== undefined && named.join() !== weightFiles.map(({ path }) => path).join())
    throw new Error(`model.json names the weights ${named.join(", ")}, the manifest others or another order`);
  const weights = await Promise.all(weightFiles.map(({ path }) => readFile(join(model.folder, path))));
  const artifacts = tf.io.fromMemory({
    modelTopology: topology.modelTopology ?? {},
    weightSpecs: topology.weightSpecs ?? topology.weightsManifest?.flatMap((group) => group.weights) ?? [],
    weightData: new Uint8Array(Buffer.concat(weights)).buffer,
    ...(topology.signature === undefined ? {} : { signature: topology.signature }),
  });
  return manifest.format === "tfjs-layers"
    ? layersNetwork(model, await tf.loadLayersModel(artifacts))
    : graphNetwork(model, await tf.loadGraphModel(artifacts), topology);
}

function layersNetwork(model: Model, network: LayersModel): TensorflowNetwork {
  assertInput(model, network.inputNames, network.inputNames);
  const { outputs } = model.manifest.network;
  return {
    async call(batch) {
      const answer = tf.tidy(() => network.predict(tensorOf(model, batch)));
      const tensors = [answer].flat();
      return read(
        outputs.map(({ name }) => [name, tensors[network.outputNames.indexOf(name)]]),
        tensors,
      );
    },
    dispose: () => void network.dispose(),
  };
}

/** Tensors of a graph go by the names of its signature, or by those of its nodes. */
function graphNetwork(model: Model, network: GraphModel, { signature }: Topology): TensorflowNetwork {
  const { input, outputs } = model.manifest.network;
  const [inputs, answers] = [signature?.inputs ?? {}, signature?.outputs ?? {}];
  const nodes = network.inputs.map(({ name }) => name);
  assertInput(model, Object.keys(inputs).length > 0 ? Object.keys(inputs) : nodes, [
    ...Object.keys(inputs),
    ...nodes,
  ]);
  const known = new Set(network.outputs.map(({ name }) => nodeOf(name)));
  const wanted = outputs.map(({ name }) => {
    const node = answers[name]?.name ?? name;
    return { name, node: known.has(nodeOf(node)) ? node : undefined };
  });
  const asked = wanted.flatMap(({ node }) => node ?? []);
  return {
    async call(batch) {
      const tensors = tf.tidy(() =>
        [
          network.execute(
            { [nodeOf(inputs[input.name]?.name ?? input.name)]: tensorOf(model, batch) },
            asked,
          ),
        ].flat(),
      );
      return read(
        wanted.map(({ name, node }) => [name, node === undefined ? undefined : tensors[asked.indexOf(node)]]),
        tensors,
      );
    },
    dispose: () => network.dispose(),
  };
}

/** A node's first output is written with or without its number. */
function nodeOf(tensorName: string): string {
  return tensorName.replace(/:0$/, "");
}

function tensorOf(model: Model, batch: PlaneBatch): Tensor {
  const { rows, columns, planes } = batch;
  return tf.tensor(inputValues(batch), inputShape(model, planes.length, rows, columns), "float32");
}

function assertInput({ manifest }: Model, all: readonly string[], accepted: readonly string[]): void {
  const { name } = manifest.network.input;
  if (all.length !== 1 || !accepted.includes(name))
    throw new Error(`the network takes ${all.join(", ")}, the manifest says ${name}`);
}

/** Reads the wanted tensors and frees all of them. */
async function read(
  wanted: readonly (readonly [name: string, tensor: Tensor | undefined])[],
  all: readonly Tensor[],
): Promise<RawOutput[]> {
  try {
    return await Promise.all(
      wanted.map(async ([name, tensor]) => {
        if (tensor === undefined)
          throw new AnalysisError("model-output-invalid", `the network has no output ${name}`);
        return { shape: tensor.shape, values: Float32Array.from(await tensor.data<"float32">()) };
      }),
    );
  } finally {
    tf.dispose([...all]);
  }
}
