import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { SeededRandom } from "../src/phantom/random.js";
import { registerConvolutionGradients } from "./convolution-gradient.js";
import { saveNetwork } from "./save-network.js";
import { CT_SIZE, STRIDE, ctExamplesOf, type CtExample } from "./stroke-examples.js";
import { createStrokeNetwork } from "./stroke-network.js";

/** Everything that decides the outcome of a training run. */
export interface StrokeTrainingPlan {
  readonly seed: number;
  readonly base: number;
  readonly heads: number;
  readonly slicesPerHead: number;
  readonly batch: number;
  readonly steps: number;
  readonly learningRate: number;
  /** How much a cell of stroke counts. */
  readonly strokeWeight: number;
}

/** Trains the network on phantoms and writes `model.json` and `weights.bin` into the folder. */
export async function trainStroke(
  plan: StrokeTrainingPlan,
  folder: string,
  tell: (line: string) => void,
): Promise<void> {
  await tf.setBackend("wasm");
  registerConvolutionGradients();
  const examples: CtExample[] = [];
  for (let head = 0; head < plan.heads; head++) {
    examples.push(...ctExamplesOf(plan.seed * 100_000 + head, plan.slicesPerHead));
    if (head % 50 === 49) tell(`${head + 1} of ${plan.heads} heads imaged`);
  }
  const random = new SeededRandom(plan.seed);
  const model = createStrokeNetwork(plan);
  tell(`${model.countParams()} parameters, ${examples.length} slices`);
  const optimizer = tf.train.adam(plan.learningRate);
  const started = performance.now();
  let recent = 0;
  for (let step = 1; step <= plan.steps; step++) {
    (optimizer as unknown as { learningRate: number }).learningRate = learningRateAt(step, plan);
    const [images, truth] = batchOf(examples, plan, random);
    const loss = optimizer.minimize(() => {
      const [, evidence] = model.apply(images, { training: true }) as [tf.Tensor, tf.Tensor4D];
      return lossOf(truth, evidence, plan.strokeWeight);
    }, true);
    recent += ((await loss?.data())?.[0] ?? 0) / 50;
    tf.dispose([images, truth, loss as tf.Scalar]);
    if (step % 50 === 0) {
      const seconds = Math.round((performance.now() - started) / 1000);
      tell(`step ${step} of ${plan.steps}: loss ${recent.toFixed(4)}, ${seconds} s`);
      recent = 0;
    }
  }
  await saveNetwork(model, folder);
  optimizer.dispose();
  model.dispose();
}

/** Rises over the first 100 steps, falls linearly over the last half. */
function learningRateAt(step: number, { learningRate, steps }: StrokeTrainingPlan): number {
  return learningRate * Math.min(step / 100, 1, Math.max(0.02, (2 * (steps - step)) / steps));
}

/** Draws a batch of slices; each is mirrored left to right by chance, a little brighter or darker as scanners differ. */
function batchOf(
  examples: readonly CtExample[],
  { batch }: StrokeTrainingPlan,
  random: SeededRandom,
): [tf.Tensor4D, tf.Tensor4D] {
  const cells = CT_SIZE / STRIDE;
  const images = new Float32Array(batch * CT_SIZE * CT_SIZE);
  const truth = new Float32Array(batch * cells * cells);
  for (let index = 0; index < batch; index++) {
    const example = examples[Math.floor(random.between(0, examples.length))];
    if (example === undefined) throw new RangeError("no examples");
    const mirrored = random.chance(0.5);
    const shift = random.between(-0.03, 0.03);
    copy(example.image, CT_SIZE, images, index, mirrored, (value) => Math.min(1, Math.max(0, value + shift)));
    copy(example.evidence, cells, truth, index, mirrored, (value) => value);
  }
  return [tf.tensor4d(images, [batch, CT_SIZE, CT_SIZE, 1]), tf.tensor4d(truth, [batch, cells, cells, 1])];
}

function copy(
  from: Float32Array,
  size: number,
  to: Float32Array,
  index: number,
  mirrored: boolean,
  change: (value: number) => number,
): void {
  for (let at = 0; at < from.length; at++) {
    const column = at % size;
    const source = at - column + (mirrored ? size - 1 - column : column);
    to[index * from.length + at] = change(from[source] ?? 0);
  }
}

/** Weighted binary cross-entropy over the cells. */
function lossOf(truth: tf.Tensor4D, predicted: tf.Tensor4D, strokeWeight: number): tf.Scalar {
  const probability = predicted.clipByValue(1e-6, 1 - 1e-6);
  return truth
    .mul(probability.log())
    .mul(strokeWeight)
    .add(tf.sub(1, truth).mul(tf.sub(1, probability).log()))
    .mean()
    .neg()
    .asScalar();
}
