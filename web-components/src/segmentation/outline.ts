/** Half of a pixel: there the border of what is fractional is drawn. */
const HALF = 128;

/**
 * The border of a segment: pixels at least half of the segment that touch, by an edge, one that is not, or the edge of the image.
 * @param coverage rows × columns of 0 to 255
 * @returns rows × columns, 255 on the border
 */
export function outlineOf(coverage: Uint8Array, rows: number, columns: number): Uint8Array {
  const border = new Uint8Array(coverage.length);
  const isOf = (row: number, column: number) =>
    row >= 0 &&
    row < rows &&
    column >= 0 &&
    column < columns &&
    (coverage[row * columns + column] ?? 0) >= HALF;
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      if (!isOf(row, column)) continue;
      const isInside =
        isOf(row - 1, column) && isOf(row + 1, column) && isOf(row, column - 1) && isOf(row, column + 1);
      if (!isInside) border[row * columns + column] = 255;
    }
  return border;
}
