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
 * Resamples a plane to another grid with the same centre: linear, and when made coarser averaged over the target's
 * pixel (a triangle as wide as the target spacing), so that nothing between two samples is lost. Outside the source it
 * is 0. The same grid gives the same values back exactly.
 */
export function resamplePlane(values: Float32Array, from: PlaneGrid, to: PlaneGrid): Float32Array {
  const across = kernel(from.columns, to.columns);
  const down = kernel(from.rows, to.rows);
  const [rows, columns] = [from.rows.length, from.columns.length];
  const wide = new Float32Array(rows * to.columns.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < to.columns.length; column++) {
      const start = row * columns + (across.first[column] ?? 0);
      let sum = 0;
      across.weights[column]?.forEach((weight, at) => (sum += weight * (values[start + at] ?? 0)));
      wide[row * to.columns.length + column] = sum;
    }
  }
  const result = new Float32Array(to.rows.length * to.columns.length);
  for (let row = 0; row < to.rows.length; row++) {
    const start = down.first[row] ?? 0;
    down.weights[row]?.forEach((weight, at) => {
      const source = (start + at) * to.columns.length;
      const target = row * to.columns.length;
      for (let column = 0; column < to.columns.length; column++) {
        result[target + column] = (result[target + column] ?? 0) + weight * (wide[source + column] ?? 0);
      }
    });
  }
  return result;
}

function kernel(from: Axis, to: Axis): Kernel {
  const scale = to.spacingMm / from.spacingMm;
  const support = Math.max(1, scale);
  const first = new Int32Array(to.length);
  const weights = Array.from({ length: to.length }, (_, index) => {
    const centre = (index - (to.length - 1) / 2) * scale + (from.length - 1) / 2;
    // Beyond the border pixels' own extent there is nothing.
    if (centre < -0.5 - 1e-9 || centre > from.length - 0.5 + 1e-9) return new Float64Array(0);
    const low = Math.max(0, Math.ceil(centre - support));
    const high = Math.min(from.length - 1, Math.floor(centre + support));
    first[index] = low;
    const row = Float64Array.from({ length: Math.max(0, high - low + 1) }, (_unused, at) =>
      Math.max(0, 1 - Math.abs(low + at - centre) / support),
    );
    const sum = row.reduce((total, weight) => total + weight, 0);
    return sum > 0 ? row.map((weight) => weight / sum) : new Float64Array(0);
  });
  return { first, weights };
}
