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

/**
 * Turns a plane of rows × columns into the view; its matrix is columns × rows when transposed. The plane itself when
 * there is nothing to turn.
 */
export function toView(plane: Float32Array, rows: number, columns: number, view: AxialView): Float32Array {
  return turn(plane, rows, columns, view, true);
}

/** Turns a plane in the view back into the source's rows × columns; the plane itself when there is nothing to turn. */
export function fromView(plane: Float32Array, rows: number, columns: number, view: AxialView): Float32Array {
  return turn(plane, rows, columns, view, false);
}

/** Walks over the source's pixels, pairs each with its place in the view and copies one to the other. */
function turn(
  plane: Float32Array,
  rows: number,
  columns: number,
  { transpose, flipRows, flipColumns }: AxialView,
  intoView: boolean,
): Float32Array {
  if (!transpose && !flipRows && !flipColumns) return plane;
  const result = new Float32Array(plane.length);
  const [viewRows, viewColumns] = transpose ? [columns, rows] : [rows, columns];
  // The place in the view is linear in row and column: where the first pixel goes, and the steps from there.
  const first = (flipRows ? (viewRows - 1) * viewColumns : 0) + (flipColumns ? viewColumns - 1 : 0);
  const down = (flipRows ? -1 : 1) * viewColumns;
  const across = flipColumns ? -1 : 1;
  const [perRow, perColumn] = transpose ? [across, down] : [down, across];
  for (let row = 0; row < rows; row++) {
    let inView = first + row * perRow;
    for (let at = row * columns; at < (row + 1) * columns; at++) {
      if (intoView) result[inView] = plane[at] ?? 0;
      else result[at] = plane[inView] ?? 0;
      inView += perColumn;
    }
  }
  return result;
}
