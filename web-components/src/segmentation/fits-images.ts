import type { SeriesImage } from "../imaging/series-images.js";
import type { Vector } from "../imaging/vector.js";
import { framesOnImage, type Segmentation, type SegmentationFrame } from "./read-segmentation.js";

/** Corners that lie so near each other are the same place. */
const SAME_PLACE_MM = 0.5;
const SAME_DIRECTION = 1e-3;

export type Misfit = "on-no-image" | "other-grid";

/**
 * Why a segmentation cannot be drawn over the images; undefined when it can. Drawing stretches a frame over the whole
 * image, so it has to cover exactly that, in the same directions, whatever its resolution.
 */
export function misfit(segmentation: Segmentation, images: readonly SeriesImage[]): Misfit | undefined {
  const pairs = images.flatMap((image) =>
    framesOnImage(segmentation, image).map((frame) => [frame, image] as const),
  );
  if (pairs.length === 0) return segmentation.frames.length === 0 ? undefined : "on-no-image";
  return pairs.every(([frame, image]) => coversTheSame(segmentation, frame, image))
    ? undefined
    : "other-grid";
}

function coversTheSame(
  { rows, columns }: Segmentation,
  { position, plane }: SegmentationFrame,
  image: SeriesImage,
): boolean {
  const { rowDirection, columnDirection, spacingMm } = plane ?? {};
  if (!sameDirection(rowDirection, image.rowDirection)) return false;
  if (!sameDirection(columnDirection, image.columnDirection)) return false;
  const sameSize = rows === image.rows && columns === image.columns;
  const { position: imagePosition, spacing } = image;
  if (position === undefined || rowDirection === undefined || columnDirection === undefined) return sameSize;
  if (spacingMm === undefined || imagePosition === undefined || spacing === undefined) return sameSize;
  const [rowMm, columnMm] = spacingMm;
  return (
    near(rows * rowMm, image.rows * spacing.rowMm) &&
    near(columns * columnMm, image.columns * spacing.columnMm) &&
    samePlace(
      corner(position, rowDirection, columnDirection, rowMm, columnMm),
      corner(imagePosition, rowDirection, columnDirection, spacing.rowMm, spacing.columnMm),
    )
  );
}

/** The outer corner of the first pixel, whose middle Image Position (Patient) is. */
function corner(position: Vector, row: Vector, column: Vector, rowMm: number, columnMm: number): Vector {
  const along = (at: 0 | 1 | 2) => position[at] - (row[at] * columnMm + column[at] * rowMm) / 2;
  return [along(0), along(1), along(2)];
}

function sameDirection(one: Vector | undefined, other: Vector | undefined): boolean {
  if (one === undefined || other === undefined) return true;
  return one.every((value, at) => Math.abs(value - (other[at] ?? Infinity)) <= SAME_DIRECTION);
}

function samePlace(one: Vector, other: Vector): boolean {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]) <= SAME_PLACE_MM;
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= SAME_PLACE_MM;
}
