/** One direction of a grid: `length` samples whose centres are `spacingMm` apart. */
export interface Axis {
  readonly length: number;
  readonly spacingMm: number;
}

export interface PlaneGrid {
  readonly rows: Axis;
  readonly columns: Axis;
}

/** For each target sample the first source sample it is made of, and the weights from there on (they sum to 1). */
interface Kernel {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

/**
 * A grid of square pixels that covers the source and has its centre, with sides that are multiples of `multiple`.
 */
export function coveringGrid(source: PlaneGrid, spacingMm: number, multiple: number): PlaneGrid {
  const cover = ({ length, spacingMm: from }: Axis): Axis => ({
    // Floating-point dust must not add a block: 230.4 mm of 1.8 mm are 128 pixels.
    length: Math.max(1, Math.ceil((length * from) / (spacingMm * multiple) - 1e-6)) * multiple,
    spacingMm,
  });
  return { rows: cover(source.rows), columns: cover(source.columns) };
}

/**
 * Resamples planes to another grid with the same centre: linear, and when made coarser averaged over the target's
 * pixel, so that nothing between two samples is lost. Outside the source it is `outside`. The same grid gives the same
 * values back exactly. The weights are worked out once, for all planes of a volume.
 */
export function resampler(
  from: PlaneGrid,
  to: PlaneGrid,
  outside = 0,
): (values: Float32Array) => Float32Array {
  const across = kernel(from.columns, to.columns);
  const down = kernel(from.rows, to.rows);
  const [rows, columns] = [from.rows.length, from.columns.length];
  const [toRows, toColumns] = [to.rows.length, to.columns.length];
  const wide = new Float32Array(rows * toColumns);
  const sums = new Float64Array(toColumns);
  return (values) => {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < toColumns; column++) {
        const weights = across.weights[column] ?? NOTHING;
        const start = row * columns + (across.first[column] ?? 0);
        let sum = weights.length === 0 ? outside : 0;
        for (let at = 0; at < weights.length; at++) sum += (weights[at] ?? 0) * (values[start + at] ?? 0);
        wide[row * toColumns + column] = sum;
      }
    }
    const result = new Float32Array(toRows * toColumns);
    for (let row = 0; row < toRows; row++) {
      const weights = down.weights[row] ?? NOTHING;
      const first = down.first[row] ?? 0;
      // Row by row through memory, not column by column.
      sums.fill(weights.length === 0 ? outside : 0);
      for (let at = 0; at < weights.length; at++) {
        const weight = weights[at] ?? 0;
        const start = (first + at) * toColumns;
        for (let column = 0; column < toColumns; column++)
          sums[column] = (sums[column] ?? 0) + weight * (wide[start + column] ?? 0);
      }
      result.set(sums, row * toColumns);
    }
    return result;
  };
}

/** Resamples one plane. */
export function resamplePlane(values: Float32Array, from: PlaneGrid, to: PlaneGrid): Float32Array {
  return resampler(from, to)(values);
}

const NOTHING = new Float64Array(0);

/**
 * Weights of the source between its samples' centres taken as linear: at the target's centre, or when the target is
 * coarser its mean over the target's pixel. Both keep a ramp a ramp.
 */
function kernel(from: Axis, to: Axis): Kernel {
  const scale = to.spacingMm / from.spacingMm;
  const halfWidth = scale > 1 ? scale / 2 : 0;
  const first = new Int32Array(to.length);
  const weights = Array.from({ length: to.length }, (_, index) => {
    const centre = (index - (to.length - 1) / 2) * scale + (from.length - 1) / 2;
    // Beyond the border pixels' own extent there is nothing.
    if (centre < -0.5 - 1e-9 || centre > from.length - 0.5 + 1e-9) return NOTHING;
    const low = Math.max(0, Math.ceil(centre - halfWidth - 1));
    const high = Math.min(from.length - 1, Math.floor(centre + halfWidth + 1));
    first[index] = low;
    const row = Float64Array.from({ length: high - low + 1 }, (_unused, at) => {
      const offset = centre - (low + at);
      return halfWidth === 0
        ? Math.max(0, 1 - Math.abs(offset))
        : hatIntegral(offset + halfWidth) - hatIntegral(offset - halfWidth);
    });
    const sum = row.reduce((total, weight) => total + weight, 0);
    return row.map((weight) => weight / sum);
  });
  return { first, weights };
}

/** Integral from −∞ to t of the hat function 1 − |x| on −1 … 1. */
function hatIntegral(t: number): number {
  if (t <= -1) return 0;
  if (t >= 1) return 1;
  return t < 0 ? (t + 1) ** 2 / 2 : 1 - (1 - t) ** 2 / 2;
}
