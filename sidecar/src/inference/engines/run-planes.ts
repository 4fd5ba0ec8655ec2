import { AnalysisError } from "../analysis-error.js";
import type { PlaneBatch } from "../engine.js";
import type { Model } from "../model-registry.js";
import { planesOf } from "../output-planes.js";
import type { LoadedNetwork, NetworkRuntime, RawOutput } from "./network-runtime.js";

export interface PlanesAnswer {
  /** As in `EngineAnswer`. */
  readonly outputs: Float32Array[][];
  /** What the calls of the network took, without loading it or looking at its answers. */
  readonly milliseconds: number;
}

/**
 * Runs a network on planes, call by call.
 * @param cancelled asked before each call; once it is so, nothing more is computed
 * @returns undefined when it was cancelled
 * @throws AnalysisError `model-not-loadable`, `model-run-failed`, `model-output-invalid`
 */
export async function runPlanes(
  runtime: NetworkRuntime,
  model: Model,
  { rows, columns, planes }: PlaneBatch,
  cancelled: () => boolean = () => false,
): Promise<PlanesAnswer | undefined> {
  const network = await runtime.load(model);
  const wanted = model.manifest.network.outputs;
  const outputs: Float32Array[][] = wanted.map(() => []);
  let milliseconds = 0;
  for (let start = 0; start < planes.length; start += runtime.planesInACall) {
    if (cancelled()) return undefined;
    const batch = { rows, columns, planes: planes.slice(start, start + runtime.planesInACall) };
    const begun = performance.now();
    const answer = await callNetwork(network, batch);
    milliseconds += performance.now() - begun;
    wanted.forEach((output, at) => {
      const { values = new Float32Array(), shape = [] } = answer[at] ?? {};
      outputs[at]?.push(...planesOf(output, values, shape, { planes: batch.planes.length, rows, columns }));
    });
  }
  return { outputs, milliseconds };
}

/** Loads a model and runs it once, so that the first analysis finds it warm. */
export async function warm(runtime: NetworkRuntime, model: Model): Promise<void> {
  const { sizeMultiple, matrix = { rows: sizeMultiple, columns: sizeMultiple } } =
    model.manifest.preprocessing;
  const { rows, columns } = matrix;
  const [lowest] = model.manifest.network.input.range;
  await runPlanes(runtime, model, {
    rows,
    columns,
    planes: [new Float32Array(rows * columns).fill(lowest)],
  });
}

/** What a library says of an input that its network cannot take is the model's fault, or the manifest's. */
async function callNetwork(network: LoadedNetwork, batch: PlaneBatch): Promise<readonly RawOutput[]> {
  try {
    return await network.call(batch);
  } catch (error) {
    if (error instanceof AnalysisError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AnalysisError(
      "model-run-failed",
      `the network cannot be run on ${batch.rows} × ${batch.columns} pixels: ${reason.slice(0, 300)}`,
    );
  }
}
