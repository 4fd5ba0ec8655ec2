import type { VolumeGeometry } from "./volume.js";

/** How a slice is turned so that columns run to the patient's left and rows to the back. */
export interface AxialView {
  readonly transpose: boolean;
  /** Applied after the transposition. */
  readonly flipRows: boolean;
  readonly flipColumns: boolean;
}

/** cos 45°: beyond it another plane is nearer. */
const NEAREST = Math.SQRT1_2;

/** How to look at the slices as axial ones; undefined when they are sagittal or coronal. */
export function axialView({ rowDirection, columnDirection, normal }: VolumeGeometry): AxialView | undefined {
  if (Math.abs(normal[2]) < NEAREST) return undefined;
  const transpose = Math.abs(rowDirection[1]) > Math.abs(rowDirection[0]);
  const [toLeft, toBack] = transpose ? [columnDirection, rowDirection] : [rowDirection, columnDirection];
  return { transpose, flipRows: toBack[1] < 0, flipColumns: toLeft[0] < 0 };
}

/** Turns a plane of rows × columns into the view; its matrix is columns × rows when transposed. */
export function toView(plane: Float32Array, rows: number, columns: number, view: AxialView): Float32Array {
  return turn(plane, rows, columns, view, (source, target) => [source, target]);
}

/** Turns a plane in the view back into the source's rows × columns. */
export function fromView(plane: Float32Array, rows: number, columns: number, view: AxialView): Float32Array {
  return turn(plane, rows, columns, view, (source, target) => [target, source]);
}

/** Walks over the source's pixels, pairs each with its place in the view and copies one to the other. */
function turn(
  plane: Float32Array,
  rows: number,
  columns: number,
  { transpose, flipRows, flipColumns }: AxialView,
  direction: (source: number, inView: number) => readonly [from: number, to: number],
): Float32Array {
  const result = new Float32Array(plane.length);
  const [viewRows, viewColumns] = transpose ? [columns, rows] : [rows, columns];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [r, c] = transpose ? [column, row] : [row, column];
      const inView =
        (flipRows ? viewRows - 1 - r : r) * viewColumns + (flipColumns ? viewColumns - 1 - c : c);
      const [from, to] = direction(row * columns + column, inView);
      result[to] = plane[from] ?? 0;
    }
  }
  return result;
}
