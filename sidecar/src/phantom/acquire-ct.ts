import type { AcquisitionGrid } from "./acquire.js";
import type { CtHead } from "./ct-head.js";
import type { PointMm } from "./head.js";
import { SeededRandom } from "./random.js";

export interface CtSlice {
  readonly positionMm: PointMm;
  /** rows × columns stored values, row by row: Hounsfield units + 1024. */
  readonly samples: Uint16Array<ArrayBuffer>;
  /** rows × columns; 1 where the stroke is. */
  readonly stroke: Uint8Array<ArrayBuffer>;
}

export interface CtAcquisitionOptions {
  readonly seed: number;
  /** Standard deviation of the noise, in HU. */
  readonly noiseHu?: number;
  /** Standard deviation of the reconstruction's blur in the plane. */
  readonly blurMm?: number;
}

export const CT_RESCALE_INTERCEPT = -1024;

/** Images a head on a grid. */
export function acquireCt(head: CtHead, grid: AcquisitionGrid, options: CtAcquisitionOptions): CtSlice[] {
  return Array.from({ length: grid.slices }, (_, index) => acquireCtSlice(head, grid, index, options));
}

/**
 * Images one slice, from 0: mean over half the slice's thickness, blurred by the reconstruction, with noise that has
 * the texture of that blur; 12-bit unsigned stored values. A slice does not depend on whether its neighbours are imaged.
 */
export function acquireCtSlice(
  head: CtHead,
  grid: AcquisitionGrid,
  index: number,
  { seed, noiseHu = 4, blurMm = 0.7 }: CtAcquisitionOptions,
): CtSlice {
  const random = new SeededRandom(seed * 4099 + index);
  const { rows, columns } = grid;
  const along = (axis: 0 | 1 | 2, row: number, column: number, slice: number): number =>
    grid.originMm[axis] +
    grid.sliceDirection[axis] * grid.sliceSpacingMm * slice +
    grid.columnDirection[axis] * grid.rowSpacingMm * row +
    grid.rowDirection[axis] * grid.columnSpacingMm * column;
  const values = new Float32Array(rows * columns);
  const stroke = new Uint8Array(rows * columns);
  const point = (row: number, column: number, slice: number) =>
    head.at(along(0, row, column, slice), along(1, row, column, slice), along(2, row, column, slice));
  // White noise that is noiseHu strong once it is blurred.
  const kernel = gaussian(blurMm / grid.columnSpacingMm);
  const strength = noiseHu / kernel.reduce((sum, weight) => sum + weight * weight, 0);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      const [below, above] = [point(row, column, index - 0.2), point(row, column, index + 0.2)];
      values[at] = (below.hounsfield + above.hounsfield) / 2 + strength * random.normal();
      stroke[at] = below.inStroke && above.inStroke ? 1 : 0;
    }
  }
  const blurred = blur(values, rows, columns, kernel);
  const samples = Uint16Array.from(blurred, (value) =>
    Math.min(4095, Math.max(0, Math.round(value - CT_RESCALE_INTERCEPT))),
  );
  return {
    positionMm: [along(0, 0, 0, index), along(1, 0, 0, index), along(2, 0, 0, index)],
    samples,
    stroke,
  };
}

/** Weights from −n to n that sum to 1. */
function gaussian(sigma: number): Float64Array {
  const reach = Math.max(1, Math.ceil(2.5 * sigma));
  const weights = Float64Array.from({ length: 2 * reach + 1 }, (_, at) =>
    sigma < 0.05 ? Number(at === reach) : Math.exp(-((at - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Along rows, then along columns; the border's values go on beyond it. */
function blur(values: Float32Array, rows: number, columns: number, kernel: Float64Array): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const once = (from: Float32Array, length: number, step: number, lines: number, lineStep: number) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < lines; line++) {
      for (let at = 0; at < length; at++) {
        let sum = 0;
        for (let offset = -reach; offset <= reach; offset++) {
          const source = Math.min(length - 1, Math.max(0, at + offset));
          sum += (kernel[offset + reach] ?? 0) * (from[line * lineStep + source * step] ?? 0);
        }
        to[line * lineStep + at * step] = sum;
      }
    }
    return to;
  };
  return once(once(values, columns, 1, rows, columns), rows, columns, columns, 1);
}
