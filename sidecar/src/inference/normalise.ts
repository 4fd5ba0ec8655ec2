/** How a volume's intensities are brought to the model's scale: `(value − offset) × factor`, then clipped. */
export interface Normalisation {
  readonly offset: number;
  readonly factor: number;
}

/** At most this many voxels are looked at; they are spread evenly, the same ones each time. */
const SAMPLED_VOXELS = 200_000;

/**
 * Maps air to about 0 and brain to about 1, whatever the scanner's scale: the offset is the 1st percentile, and 1 is
 * the median of the foreground (the voxels above the volume's mean).
 * @param slices modality values (after rescale), one array per slice
 * @returns undefined when the volume has no contrast at all
 */
export function foregroundMedian(slices: readonly ArrayLike<number>[]): Normalisation | undefined {
  const total = slices.reduce((sum, slice) => sum + slice.length, 0);
  const step = Math.max(1, Math.floor(total / SAMPLED_VOXELS));
  const sorted = new Float64Array(Math.ceil(total / step));
  let count = 0;
  let next = 0;
  let start = 0;
  for (const slice of slices) {
    for (; next < start + slice.length; next += step) sorted[count++] = slice[next - start] ?? 0;
    start += slice.length;
  }
  sorted.sort();
  let sum = 0;
  for (let at = 0; at < count; at++) sum += sorted[at] ?? 0;
  const mean = sum / count;
  const firstAbove = sorted.findIndex((value) => value > mean);
  if (firstAbove < 0) return undefined;
  const offset = sorted[Math.floor(sorted.length / 100)] ?? 0;
  const median = sorted[Math.floor((firstAbove + sorted.length) / 2)] ?? 0;
  return median > offset ? { offset, factor: 1 / (median - offset) } : undefined;
}

/** Normalises in place: `values[i]` becomes `(values[i] − offset) × factor`, clipped. */
export function normalise(
  values: Float32Array,
  { offset, factor }: Normalisation,
  [low, high]: readonly [number, number],
): void {
  for (let at = 0; at < values.length; at++) {
    values[at] = Math.min(high, Math.max(low, ((values[at] ?? 0) - offset) * factor));
  }
}
