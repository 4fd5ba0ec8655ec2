import type { ImageCorners } from "../segmentation/draw-overlay.js";
import type { Point } from "./point.js";
import type { SeriesImage } from "./series-images.js";
import type { Vector } from "./vector.js";

export type { Point } from "./point.js";

/** Between an image and the screen, whatever its zoom, pan, rotation and flip. */
export class ScreenMap {
  /** Steps on the screen for one column and one row. */
  private readonly column: Point;
  private readonly row: Point;

  constructor(
    private readonly corners: ImageCorners,
    rows: number,
    columns: number,
  ) {
    const { topLeft, topRight, bottomLeft } = corners;
    this.column = [(topRight[0] - topLeft[0]) / columns, (topRight[1] - topLeft[1]) / columns];
    this.row = [(bottomLeft[0] - topLeft[0]) / rows, (bottomLeft[1] - topLeft[1]) / rows];
  }

  toScreen([column, row]: Point): Point {
    const [x, y] = this.corners.topLeft;
    return [x + column * this.column[0] + row * this.row[0], y + column * this.column[1] + row * this.row[1]];
  }

  toImage([x, y]: Point): Point {
    return this.stepsFor([x - this.corners.topLeft[0], y - this.corners.topLeft[1]]);
  }

  /** Unit vectors of the patient system along the screen's right and up; nothing when the image does not say how it lies. */
  directions({
    rowDirection,
    columnDirection,
    spacing,
  }: Pick<SeriesImage, "rowDirection" | "columnDirection" | "spacing">):
    { readonly right: Vector; readonly up: Vector } | undefined {
    if (rowDirection === undefined || columnDirection === undefined) return undefined;
    const { columnMm = 1, rowMm = 1 } = spacing ?? {};
    const along = (screen: Point): Vector => {
      const [columns, rows] = this.stepsFor(screen);
      const at = (axis: 0 | 1 | 2) =>
        columns * columnMm * rowDirection[axis] + rows * rowMm * columnDirection[axis];
      const [x, y, z] = [at(0), at(1), at(2)];
      const length = Math.hypot(x, y, z);
      return [x / length, y / length, z / length];
    };
    return { right: along([1, 0]), up: along([0, -1]) };
  }

  /** Columns and rows that make a step on the screen. */
  private stepsFor([x, y]: Point): Point {
    const [a, c] = this.column;
    const [b, d] = this.row;
    const determinant = a * d - b * c;
    return [(d * x - b * y) / determinant, (a * y - c * x) / determinant];
  }
}
