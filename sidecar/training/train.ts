import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { SeededRandom } from "../src/phantom/random.js";
import { registerConvolutionGradients } from "./convolution-gradient.js";
import { EXAMPLE_SIZE, examplesOf, type Example } from "./examples.js";
import { saveNetwork } from "./save-network.js";
import { createUNet } from "./u-net.js";

/** Everything that decides the outcome of a training run. */
export interface TrainingPlan {
  readonly seed: number;
  readonly base: number;
  readonly depth: number;
  readonly heads: number;
  readonly slicesPerHead: number;
  readonly batch: number;
  /** Rows and columns of the crops trained on; the network itself takes any size. */
  readonly crop: number;
  readonly steps: number;
  /** Steps with weighted cross-entropy alone: soft Dice from the start collapses to an empty answer. */
  readonly warmUpSteps: number;
  readonly learningRate: number;
}

/** Trains the network on phantoms and writes `model.json` and `weights.bin` into the folder. */
export async function train(plan: TrainingPlan, folder: string, tell: (line: string) => void): Promise<void> {
  await tf.setBackend("wasm");
  registerConvolutionGradients();
  const examples: Example[] = [];
  for (let head = 0; head < plan.heads; head++) {
    examples.push(...examplesOf(plan.seed * 100_000 + head, plan.slicesPerHead));
    if (head % 50 === 49) tell(`${head + 1} of ${plan.heads} heads imaged`);
  }
  const random = new SeededRandom(plan.seed);
  const model = createUNet(plan);
  tell(`${model.countParams()} parameters, ${examples.length} slices`);
  const optimizer = tf.train.adam(plan.learningRate);
  const started = performance.now();
  let recent = 0;
  for (let step = 1; step <= plan.steps; step++) {
    (optimizer as unknown as { learningRate: number }).learningRate = learningRateAt(step, plan);
    const [images, lesions] = batchOf(examples, plan, random);
    const loss = optimizer.minimize(
      () => lossOf(lesions, model.apply(images, { training: true }) as tf.Tensor4D, phaseAt(step, plan)),
      true,
    );
    recent += ((await loss?.data())?.[0] ?? 0) / 25;
    tf.dispose([images, lesions, loss as tf.Scalar]);
    if (step % 25 === 0) {
      const seconds = Math.round((performance.now() - started) / 1000);
      tell(`step ${step} of ${plan.steps}: loss ${recent.toFixed(4)}, ${seconds} s`);
      recent = 0;
    }
    if (step % 200 === 0 || step === plan.steps) await saveNetwork(model, folder);
  }
  optimizer.dispose();
  model.dispose();
}

/** Rises over the first 100 steps, falls linearly over the last third. */
function learningRateAt(step: number, { learningRate, steps }: TrainingPlan): number {
  return learningRate * Math.min(step / 100, 1, Math.max(0.02, (3 * (steps - step)) / steps));
}

/** Draws a batch of crops; each is mirrored left to right by chance, brightened or dimmed a little. */
function batchOf(
  examples: readonly Example[],
  { batch, crop }: TrainingPlan,
  random: SeededRandom,
): [tf.Tensor4D, tf.Tensor4D] {
  const pixels = crop * crop;
  const images = new Float32Array(batch * pixels);
  const lesions = new Float32Array(batch * pixels);
  for (let index = 0; index < batch; index++) {
    const example = examples[Math.floor(random.between(0, examples.length))];
    if (example === undefined) throw new RangeError("no examples");
    const mirrored = random.chance(0.5);
    const gain = random.between(0.85, 1.15);
    const top = Math.floor(random.between(0, EXAMPLE_SIZE - crop + 1));
    const left = Math.floor(random.between(0, EXAMPLE_SIZE - crop + 1));
    for (let at = 0; at < pixels; at++) {
      const column = left + (at % crop);
      const row = top + Math.floor(at / crop);
      const from = row * EXAMPLE_SIZE + (mirrored ? EXAMPLE_SIZE - 1 - column : column);
      images[index * pixels + at] = (example.image[from] ?? 0) * gain;
      lesions[index * pixels + at] = example.lesion[from] ?? 0;
    }
  }
  const shape: [number, number, number, number] = [batch, crop, crop, 1];
  return [tf.tensor4d(images, shape), tf.tensor4d(lesions, shape)];
}

type Phase = "warm-up" | "overlap" | "precision";

/** The last third is for precision: vessels taken for lesions are few pixels, which Dice hardly sees. */
function phaseAt(step: number, { warmUpSteps, steps }: TrainingPlan): Phase {
  if (step <= warmUpSteps) return "warm-up";
  return step <= (2 * steps) / 3 ? "overlap" : "precision";
}

/** How much a pixel of lesion counts, and how much cross-entropy counts beside soft Dice. */
const LOSS: Readonly<Record<Phase, { lesionWeight: number; crossEntropyWeight: number }>> = {
  "warm-up": { lesionWeight: 20, crossEntropyWeight: 1 },
  overlap: { lesionWeight: 3, crossEntropyWeight: 4 },
  precision: { lesionWeight: 1, crossEntropyWeight: 20 },
};

/** Weighted binary cross-entropy, and after the warm-up soft Dice of the batch beside it. */
function lossOf(truth: tf.Tensor4D, predicted: tf.Tensor4D, phase: Phase): tf.Scalar {
  const { lesionWeight, crossEntropyWeight } = LOSS[phase];
  const probability = predicted.clipByValue(1e-6, 1 - 1e-6);
  const crossEntropy = truth
    .mul(probability.log())
    .mul(lesionWeight)
    .add(tf.sub(1, truth).mul(tf.sub(1, probability).log()))
    .mean()
    .neg()
    .mul(crossEntropyWeight);
  if (phase === "warm-up") return crossEntropy.asScalar();
  const overlap = truth.mul(predicted).sum().mul(2).add(1);
  const dice = overlap.div(truth.sum().add(predicted.sum()).add(1));
  return crossEntropy.add(tf.sub(1, dice)).asScalar();
}
