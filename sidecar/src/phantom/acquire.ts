import { TISSUE, type Head, type PointMm } from "./head.js";
import { SeededRandom, spatialNoise } from "./random.js";

/** Where the slices of an acquisition lie; directions are unit vectors in the patient's system. */
export interface AcquisitionGrid {
  readonly rows: number;
  readonly columns: number;
  readonly slices: number;
  /** Centre of the first pixel sent: Image Position (Patient) of the first slice. */
  readonly originMm: PointMm;
  /** Along a row (increasing column index), then along a column: Image Orientation (Patient). */
  readonly rowDirection: PointMm;
  readonly columnDirection: PointMm;
  readonly sliceDirection: PointMm;
  readonly rowSpacingMm: number;
  readonly columnSpacingMm: number;
  readonly sliceSpacingMm: number;
}

export interface AcquiredSlice {
  readonly positionMm: PointMm;
  /** rows × columns stored values, row by row. */
  readonly samples: Uint16Array<ArrayBuffer>;
  /** rows × columns; 1 where the lesion is. */
  readonly lesion: Uint8Array<ArrayBuffer>;
}

export interface AcquisitionOptions {
  readonly seed: number;
  /** Stored value of fat before bias field and noise. */
  readonly scale?: number;
  /** Standard deviation of the noise in each of the two channels, relative to fat. */
  readonly noise?: number;
  /** How far the coil's sensitivity strays from 1 (bias field). */
  readonly bias?: number;
}

/** An axial grid around the head: 230.4 mm square, 120 mm high, rows to the left, columns to the back. */
export function axialGrid(slices: number, rows: number, columns: number): AcquisitionGrid {
  const columnSpacingMm = 230.4 / columns;
  const rowSpacingMm = 230.4 / rows;
  const sliceSpacingMm = 120 / slices;
  return {
    rows,
    columns,
    slices,
    originMm: [
      (-columnSpacingMm * (columns - 1)) / 2,
      (-rowSpacingMm * (rows - 1)) / 2 - 4,
      -48 + sliceSpacingMm / 2,
    ],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    sliceDirection: [0, 0, 1],
    rowSpacingMm,
    columnSpacingMm,
    sliceSpacingMm,
  };
}

/** Images a head on a grid: coil sensitivity, Rician noise as in magnitude images, 12-bit unsigned stored values. */
export function acquire(head: Head, grid: AcquisitionGrid, options: AcquisitionOptions): AcquiredSlice[] {
  return Array.from({ length: grid.slices }, (_, index) => acquireSlice(head, grid, index, options));
}

/** Images one slice, from 0. A slice does not depend on whether its neighbours are imaged. */
export function acquireSlice(
  head: Head,
  grid: AcquisitionGrid,
  index: number,
  { seed, scale = 1400, noise = 0.025, bias = 0.25 }: AcquisitionOptions,
): AcquiredSlice {
  const random = new SeededRandom(seed * 4099 + index);
  const sensitivity = spatialNoise(seed * 11 + 5);
  const along = (axis: 0 | 1 | 2, row: number, column: number): number =>
    grid.originMm[axis] +
    grid.sliceDirection[axis] * grid.sliceSpacingMm * index +
    grid.columnDirection[axis] * grid.rowSpacingMm * row +
    grid.rowDirection[axis] * grid.columnSpacingMm * column;
  const samples = new Uint16Array(grid.rows * grid.columns);
  const lesion = new Uint8Array(grid.rows * grid.columns);
  for (let row = 0, at = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++, at++) {
      const [x, y, z] = [along(0, row, column), along(1, row, column), along(2, row, column)];
      const { tissue, signal } = head.at(x, y, z);
      const received = signal * (1 + bias * sensitivity(x / 110 + 3, y / 110 + 3, z / 110 + 3));
      const magnitude = Math.hypot(received + noise * random.normal(), noise * random.normal());
      samples[at] = Math.min(4095, Math.round(scale * magnitude));
      lesion[at] = tissue === TISSUE.lesion ? 1 : 0;
    }
  }
  return { positionMm: [along(0, 0, 0), along(1, 0, 0), along(2, 0, 0)], samples, lesion };
}
