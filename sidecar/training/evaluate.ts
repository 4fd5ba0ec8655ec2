import { inProcessEngine } from "../src/inference/in-process-engine.js";
import type { Model } from "../src/inference/model-registry.js";
import { runModel } from "../src/inference/run-model.js";
import { TensorflowRuntime } from "../src/inference/tensorflow-runtime.js";
import type { VolumeGeometry, VolumeSlice } from "../src/inference/volume.js";
import { acquire, axialGrid, type AcquiredSlice, type AcquisitionGrid } from "../src/phantom/acquire.js";
import { createHead } from "../src/phantom/head.js";
import { SeededRandom } from "../src/phantom/random.js";

/** Figures on phantoms that training never saw, through the code that runs in production. */
export interface Evaluation {
  readonly phantomsWithLesion: number;
  readonly pooledDice: number;
  readonly medianDice: number;
  readonly lesionsFound: number;
  readonly meanVolumeErrorMl: number;
  readonly healthyPhantoms: number;
  readonly healthyWithFalsePositive: number;
  readonly falsePositiveMl: number;
}

/** Far from every seed of training. */
const FIRST_SEED = 9_000_000;
/** Matrix and slices of the acquisitions in turn; the model's own grid is 128. */
const ACQUISITIONS: readonly (readonly [matrix: number, slices: number])[] = [
  [256, 24],
  [192, 30],
  [160, 20],
];

interface Outcome {
  readonly overlap: number;
  readonly truth: number;
  readonly found: number;
  readonly voxelMl: number;
}

export async function evaluate(
  model: Model,
  counts: { readonly withLesion: number; readonly healthy: number },
  tell: (line: string) => void,
): Promise<Evaluation> {
  const engine = inProcessEngine(await TensorflowRuntime.start());
  const outcomes: Outcome[] = [];
  const total = counts.withLesion + counts.healthy;
  for (let index = 0; index < total; index++) {
    const seed = FIRST_SEED + index;
    const random = new SeededRandom(seed);
    const [matrix, slices] = ACQUISITIONS[index % ACQUISITIONS.length] ?? [256, 24];
    const grid = axialGrid(slices, matrix, matrix);
    const head = createHead({ seed, lesion: index < counts.withLesion ? "random" : "none" });
    const acquired = acquire(head, grid, {
      seed,
      scale: random.between(400, 2000),
      noise: random.between(0.01, 0.03),
      bias: random.between(0.05, 0.4),
    });
    const { labels } = await runModel(model, engine, geometryOf(grid, acquired), (slice) =>
      Promise.resolve(Float32Array.from(acquired[slice]?.samples ?? [])),
    );
    outcomes.push(compare(labels, acquired, grid));
    if (index % 10 === 9) tell(`${index + 1} of ${total} phantoms evaluated`);
  }
  await engine.close();
  return summarise(outcomes.slice(0, counts.withLesion), outcomes.slice(counts.withLesion));
}

function geometryOf(grid: AcquisitionGrid, acquired: readonly AcquiredSlice[]): VolumeGeometry {
  return {
    ...grid,
    normal: grid.sliceDirection,
    sliceThicknessMm: grid.sliceSpacingMm,
    frameOfReferenceUid: "",
    units: "arbitrary",
    slices: acquired as unknown as VolumeSlice[],
  };
}

function compare(
  labels: readonly Uint8Array[],
  acquired: readonly AcquiredSlice[],
  { rowSpacingMm, columnSpacingMm, sliceSpacingMm }: AcquisitionGrid,
): Outcome {
  let [overlap, truth, found] = [0, 0, 0];
  acquired.forEach(({ lesion }, slice) => {
    const answer = labels[slice];
    lesion.forEach((inLesion, at) => {
      const inAnswer = answer?.[at] === 1 ? 1 : 0;
      truth += inLesion;
      found += inAnswer;
      overlap += inLesion * inAnswer;
    });
  });
  return { overlap, truth, found, voxelMl: (rowSpacingMm * columnSpacingMm * sliceSpacingMm) / 1000 };
}

function summarise(lesions: readonly Outcome[], healthy: readonly Outcome[]): Evaluation {
  // Pooled in millilitres: the acquisitions differ in voxel size.
  const sum = (pick: (outcome: Outcome) => number, of = lesions): number =>
    of.reduce((all, outcome) => all + pick(outcome) * outcome.voxelMl, 0);
  const dice = lesions.map(({ overlap, truth, found }) => (2 * overlap) / Math.max(1, truth + found));
  const median = [...dice].sort((a, b) => a - b)[Math.floor(dice.length / 2)] ?? 0;
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    phantomsWithLesion: lesions.length,
    pooledDice: rounded(
      (2 * sum(({ overlap }) => overlap)) / (sum(({ truth }) => truth) + sum(({ found }) => found)),
    ),
    medianDice: rounded(median),
    lesionsFound: lesions.filter(({ overlap }) => overlap > 0).length,
    meanVolumeErrorMl: rounded(sum(({ truth, found }) => Math.abs(truth - found)) / lesions.length),
    healthyPhantoms: healthy.length,
    healthyWithFalsePositive: healthy.filter(({ found }) => found > 0).length,
    falsePositiveMl: rounded(sum(({ found }) => found, healthy) / Math.max(1, healthy.length)),
  };
}
