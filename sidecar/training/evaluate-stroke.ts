import { logistic, logit } from "../src/inference/aggregate-scores.js";
import type { Engine } from "../src/inference/engine.js";
import type { Model } from "../src/inference/model-registry.js";
import { runModel } from "../src/inference/run-model.js";
import type { VolumeGeometry, VolumeSlice } from "../src/inference/volume.js";
import { acquireCt, CT_RESCALE_INTERCEPT, type CtSlice } from "../src/phantom/acquire-ct.js";
import { axialGrid, type AcquisitionGrid } from "../src/phantom/acquire.js";
import { createCtHead, type StrokePlan } from "../src/phantom/ct-head.js";
import { SeededRandom } from "../src/phantom/random.js";

/** Figures on phantoms that neither training nor calibration saw, through the code that runs in production. */
export interface StrokeEvaluation {
  readonly calibrationPhantoms: number;
  readonly phantoms: number;
  readonly withStroke: number;
  readonly withHaemorrhage: number;
  readonly auroc: number;
  readonly brier: number;
  readonly expectedCalibrationError: number;
  readonly strokesHigh: number;
  readonly haemorrhagesHigh: number;
  readonly healthyHigh: number;
  readonly attentionInStroke: number;
  readonly reliability: readonly ReliabilityBin[];
}

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly meanPredicted: number | null;
  readonly observed: number | null;
}

/** A phantom, and what the model said of it. */
export interface Case {
  readonly stroke: StrokePlan | undefined;
  readonly score: number;
  /** Whether the most attention of all voxels is in the stroke. */
  readonly attentionInStroke: boolean;
}

/** Matrix and slices of the acquisitions in turn; the model's own grid is coarser than both. */
const ACQUISITIONS: readonly (readonly [matrix: number, slices: number])[] = [
  [128, 16],
  [96, 20],
];
const BINS = 5;

/** Runs the model on phantoms, every second of them with a stroke. */
export async function scorePhantoms(
  model: Model,
  engine: Engine,
  firstSeed: number,
  count: number,
  tell: (line: string) => void,
): Promise<Case[]> {
  const cases: Case[] = [];
  for (let index = 0; index < count; index++) {
    const seed = firstSeed + index;
    const random = new SeededRandom(seed);
    const [matrix, slices] = ACQUISITIONS[Math.floor(index / 2) % ACQUISITIONS.length] ?? [128, 16];
    const grid = axialGrid(slices, matrix, matrix);
    const head = createCtHead({ seed, stroke: index % 2 === 0 ? "random" : "none" });
    const acquired = acquireCt(head, grid, {
      seed,
      noiseHu: random.between(2, 6),
      blurMm: random.between(0.6, 1.2),
    });
    const { scores, attention } = await runModel(model, engine, geometryOf(grid, acquired), (slice) =>
      Promise.resolve(
        Float32Array.from(acquired[slice]?.samples ?? [], (sample) => sample + CT_RESCALE_INTERCEPT),
      ),
    );
    cases.push({
      stroke: head.stroke,
      score: scores[0]?.value ?? NaN,
      attentionInStroke: mostAttentionInStroke(attention ?? [], acquired),
    });
    if (index % 20 === 19) tell(`${index + 1} of ${count} phantoms scored`);
  }
  return cases;
}

/**
 * Slope and intercept that make uncalibrated scores probabilities: logistic regression on their log odds, by Newton's
 * method, with a little pull to slope 1 so that phantoms told apart perfectly do not drive it to infinity.
 */
export function fitCalibration(cases: readonly Case[]): {
  kind: "logistic";
  slope: number;
  intercept: number;
} {
  let [slope, intercept] = [1, 0];
  const pull = 0.5;
  for (let round = 0; round < 50; round++) {
    let [g0, g1, h00, h01, h11] = [pull * (slope - 1), 0, pull, 0, 1e-6];
    for (const { score, stroke } of cases) {
      const x = logit(score);
      const p = logistic(slope * x + intercept);
      const error = p - (stroke === undefined ? 0 : 1);
      g0 += error * x;
      g1 += error;
      h00 += p * (1 - p) * x * x;
      h01 += p * (1 - p) * x;
      h11 += p * (1 - p);
    }
    const determinant = h00 * h11 - h01 * h01;
    slope -= (h11 * g0 - h01 * g1) / determinant;
    intercept -= (h00 * g1 - h01 * g0) / determinant;
  }
  return { kind: "logistic", slope: rounded(Math.max(0.01, slope)), intercept: rounded(intercept) };
}

export function summariseStrokes(
  cases: readonly Case[],
  calibrationPhantoms: number,
  high: number,
): StrokeEvaluation {
  const strokes = cases.filter(({ stroke }) => stroke !== undefined);
  const healthy = cases.filter(({ stroke }) => stroke === undefined);
  const haemorrhages = strokes.filter(({ stroke }) => stroke?.kind === "haemorrhage");
  const isHigh = ({ score }: Case) => score >= high;
  const reliability = reliabilityOf(cases);
  return {
    calibrationPhantoms,
    phantoms: cases.length,
    withStroke: strokes.length,
    withHaemorrhage: haemorrhages.length,
    auroc: rounded(auroc(strokes, healthy)),
    brier: rounded(
      cases.reduce((sum, { score, stroke }) => sum + (score - (stroke ? 1 : 0)) ** 2, 0) / cases.length,
    ),
    expectedCalibrationError: rounded(
      reliability.reduce(
        (sum, { count, meanPredicted, observed }) =>
          sum + count * Math.abs((meanPredicted ?? 0) - (observed ?? 0)),
        0,
      ) / cases.length,
    ),
    strokesHigh: strokes.filter(isHigh).length,
    haemorrhagesHigh: haemorrhages.filter(isHigh).length,
    healthyHigh: healthy.filter(isHigh).length,
    attentionInStroke: strokes.filter((one) => isHigh(one) && one.attentionInStroke).length,
    reliability,
  };
}

/** The share of pairs in which the stroke has the higher score; equal ones count half. */
function auroc(strokes: readonly Case[], healthy: readonly Case[]): number {
  let sum = 0;
  for (const one of strokes)
    for (const other of healthy) sum += one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0;
  return sum / (strokes.length * healthy.length);
}

function reliabilityOf(cases: readonly Case[]): ReliabilityBin[] {
  return Array.from({ length: BINS }, (_, bin) => {
    const inBin = cases.filter(({ score }) => Math.min(BINS - 1, Math.floor(score * BINS)) === bin);
    const mean = (value: (one: Case) => number) =>
      inBin.length === 0 ? null : rounded(inBin.reduce((sum, one) => sum + value(one), 0) / inBin.length);
    return {
      from: bin / BINS,
      to: (bin + 1) / BINS,
      count: inBin.length,
      meanPredicted: mean(({ score }) => score),
      observed: mean(({ stroke }) => (stroke === undefined ? 0 : 1)),
    };
  });
}

function mostAttentionInStroke(attention: readonly Uint8Array[], acquired: readonly CtSlice[]): boolean {
  let [most, inStroke] = [0, false];
  attention.forEach((plane, slice) =>
    plane.forEach((value, at) => {
      if (value <= most) return;
      most = value;
      inStroke = acquired[slice]?.stroke[at] === 1;
    }),
  );
  return inStroke;
}

function geometryOf(grid: AcquisitionGrid, acquired: readonly CtSlice[]): VolumeGeometry {
  return {
    ...grid,
    normal: grid.sliceDirection,
    sliceThicknessMm: grid.sliceSpacingMm,
    frameOfReferenceUid: "",
    units: "HU",
    slices: acquired as unknown as VolumeSlice[],
  };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
