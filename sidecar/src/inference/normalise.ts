/** How a volume's intensities are brought to the model's scale: `(value − offset) × factor`, then clipped. */
export interface Normalisation {
  readonly offset: number;
  readonly factor: number;
}

/** About this many voxels are looked at; they are spread evenly, the same ones each time. */
const SAMPLED_VOXELS = 200_000;

/** Voxels of a volume whose slices come one by one. */
export class IntensitySample {
  private readonly step: number;
  private readonly values: Float64Array;
  private count = 0;
  private next = 0;
  private start = 0;

  /** @param total voxels that will come */
  constructor(total: number) {
    this.step = Math.max(1, Math.floor(total / SAMPLED_VOXELS));
    this.values = new Float64Array(Math.ceil(total / this.step));
  }

  add(slice: ArrayLike<number>): void {
    for (; this.next < this.start + slice.length; this.next += this.step)
      this.values[this.count++] = slice[this.next - this.start] ?? 0;
    this.start += slice.length;
  }

  /**
   * Maps air to about 0 and brain to about 1, whatever the scanner's scale: the offset is the 1st percentile, and 1 is
   * the median of the foreground (the voxels above the volume's mean).
   * @returns undefined when the volume has no contrast at all
   */
  foregroundMedian(): Normalisation | undefined {
    const sorted = this.values.subarray(0, this.count).slice().sort();
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    const firstAbove = sorted.findIndex((value) => value > mean);
    if (firstAbove < 0) return undefined;
    const offset = sorted[Math.floor(sorted.length / 100)] ?? 0;
    const median = sorted[Math.floor((firstAbove + sorted.length) / 2)] ?? 0;
    return median > offset ? { offset, factor: 1 / (median - offset) } : undefined;
  }
}

/** Brings `centre` ± `width` / 2 to the lowest and the highest value of `range`. */
export function windowed(
  centre: number,
  width: number,
  [low, high]: readonly [number, number],
): Normalisation {
  const factor = (high - low) / width;
  return { offset: centre - width / 2 - low / factor, factor };
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
