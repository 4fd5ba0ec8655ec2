import type { ImageCorners } from "./draw-overlay.js";
import type { ImagePoint } from "./label-map.js";

/**
 * The place on an image under a place on the screen, whatever its zoom, pan, rotation and flip.
 * @param x, y CSS pixels of the element that the corners are of
 * @returns undefined when the image has no extent on the screen
 */
export function imagePointAt(
  { topLeft, topRight, bottomLeft }: ImageCorners,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  x: number,
  y: number,
): ImagePoint | undefined {
  const [ax, ay] = [topRight[0] - topLeft[0], topRight[1] - topLeft[1]];
  const [bx, by] = [bottomLeft[0] - topLeft[0], bottomLeft[1] - topLeft[1]];
  const determinant = ax * by - ay * bx;
  if (determinant === 0) return undefined;
  const [dx, dy] = [x - topLeft[0], y - topLeft[1]];
  return {
    column: ((dx * by - dy * bx) / determinant) * columns,
    row: ((dy * ax - dx * ay) / determinant) * rows,
  };
}

/** The place on the screen of a place on an image, in CSS pixels. */
export function screenPointOf(
  { topLeft, topRight, bottomLeft }: ImageCorners,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  { column, row }: ImagePoint,
): readonly [number, number] {
  const [across, down] = [column / columns, row / rows];
  return [
    topLeft[0] + across * (topRight[0] - topLeft[0]) + down * (bottomLeft[0] - topLeft[0]),
    topLeft[1] + across * (topRight[1] - topLeft[1]) + down * (bottomLeft[1] - topLeft[1]),
  ];
}
