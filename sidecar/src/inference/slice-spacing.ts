import { AnalysisError } from "./analysis-error.js";
import { differenceOf } from "./frame-traits.js";
import type { SourceFrame } from "./source-frames.js";
import { dot, minus, norm, type Vector } from "./vector.js";

/** Gaps may differ by this share of the median gap. */
const GAP_TOLERANCE = 0.05;
/** In-plane drift from slice to slice, as a share of the gap: above it the stack is sheared (gantry tilt). */
const SHEAR_TOLERANCE = 0.02;
const DUPLICATE_MM = 1e-3;

/**
 * The distance between slices that are sorted along their normal, in mm, from their positions and not from what the
 * header says; of a single slice its thickness.
 * @throws AnalysisError for slices that are not one regular stack, with what was found
 */
export function sliceSpacing(slices: readonly SourceFrame[], normal: Vector): number {
  const [first] = slices;
  if (slices.length === 1 || first === undefined) {
    const single = first?.sliceThicknessMm ?? first?.spacingBetweenSlicesMm;
    if (single === undefined)
      throw new AnalysisError("slice-thickness-missing", "the only slice does not say how thick it is");
    return single;
  }
  assertOneEach(slices, normal);
  const steps = slices
    .slice(1)
    .map((slice, index) => minus(slice.positionMm, (slices[index] ?? slice).positionMm));
  const gaps = steps.map((step) => dot(step, normal));
  const median = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const tolerance = Math.max(GAP_TOLERANCE * median, 0.01);
  const irregular = gaps.filter((gap) => Math.abs(gap - median) > tolerance);
  if (irregular.length > 0) assertNoneMissing(irregular, median, tolerance);
  const drifts = steps.map((step, index) => {
    const gap = gaps[index] ?? 0;
    return norm(minus(step, [normal[0] * gap, normal[1] * gap, normal[2] * gap]));
  });
  const drift = Math.max(...drifts);
  if (drift > Math.max(SHEAR_TOLERANCE * median, 0.01)) {
    const degrees = (Math.atan2(drift, median) * 180) / Math.PI;
    throw new AnalysisError(
      "slices-sheared",
      `the slices are not above each other: from one to the next they shift by ${drift.toFixed(2)} mm, ` +
        `as of a gantry tilted by ${degrees.toFixed(1)}°`,
    );
  }
  return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
}

/** Several images at one position: a second stack, or a slice twice. Which one is meant is not for us to choose. */
function assertOneEach(slices: readonly SourceFrame[], normal: Vector): void {
  const places: SourceFrame[][] = [];
  for (const slice of slices) {
    const place = places.at(-1);
    const last = place?.[0];
    if (place && last && dot(minus(slice.positionMm, last.positionMm), normal) < DUPLICATE_MM)
      place.push(slice);
    else places.push([slice]);
  }
  const crowded = places.filter(({ length }) => length > 1);
  const [example] = crowded;
  if (example === undefined) return;
  const difference = differenceOf(example);
  const apart = difference === undefined ? "" : `; they differ in ${difference}`;
  if (places.every(({ length }) => length === example.length)) {
    throw new AnalysisError(
      "stacks-several",
      `the series has ${example.length} images at each of its ${places.length} positions${apart}`,
    );
  }
  throw new AnalysisError(
    "position-duplicate",
    `${crowded.length} of the ${places.length} positions have more than one image${apart}`,
  );
}

function assertNoneMissing(irregular: readonly number[], median: number, tolerance: number): never {
  const missing = irregular.map((gap) => Math.round(gap / median) - 1);
  const areWhole = irregular.every((gap, index) => {
    const slices = missing[index] ?? 0;
    return slices > 0 && Math.abs(gap - (slices + 1) * median) <= tolerance;
  });
  if (areWhole) {
    const sum = missing.reduce((total, slices) => total + slices, 0);
    throw new AnalysisError(
      "slices-missing",
      `the slices are ${median.toFixed(2)} mm apart, and ${sum} of them ${sum === 1 ? "is" : "are"} missing in between`,
    );
  }
  throw new AnalysisError(
    "spacing-irregular",
    `the slices are ${median.toFixed(2)} mm apart, but two of them ${(irregular[0] ?? 0).toFixed(2)} mm`,
  );
}
