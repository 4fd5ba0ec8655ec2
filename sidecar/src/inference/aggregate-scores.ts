import type { ScoreManifest } from "./model-manifest.js";

export interface ScoreMeasurement {
  readonly score: ScoreManifest;
  /** Within the score's range. */
  readonly value: number;
  /** Where the value lies. */
  readonly band: ScoreManifest["bands"][number];
}

/** A score of the whole series from its values slice by slice, as the manifest says. */
export function aggregateScore(score: ScoreManifest, slices: ArrayLike<number>): ScoreMeasurement {
  if (slices.length === 0) throw new RangeError("a series has slices");
  const [low, high] = score.range;
  const calibrated = calibrate(score, aggregate(score, slices));
  // To four digits: more would claim a precision that is not there.
  const value = Math.min(high, Math.max(low, Math.round(calibrated * 10_000) / 10_000));
  const band = score.bands.findLast(({ from }) => value >= from);
  if (band === undefined) throw new TypeError("bands cover the range");
  return { score, value, band };
}

function aggregate({ aggregation }: ScoreManifest, slices: ArrayLike<number>): number {
  const descending = Float64Array.from(slices).sort().reverse();
  const counted =
    aggregation.kind === "mean"
      ? descending
      : descending.subarray(0, Math.min(aggregation.slices, descending.length));
  return counted.reduce((sum, value) => sum + value, 0) / counted.length;
}

/** Logit's ends are infinite: what is surer than that is taken for this sure. */
const SUREST = 1e-6;

function calibrate({ calibration }: ScoreManifest, value: number): number {
  if (calibration === undefined) return value;
  return logistic(calibration.slope * logit(value) + calibration.intercept);
}

export function logit(probability: number): number {
  const bounded = Math.min(1 - SUREST, Math.max(SUREST, probability));
  return Math.log(bounded / (1 - bounded));
}

export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
