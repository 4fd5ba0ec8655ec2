import { textOf } from "./dicom-json.js";
import { IMAGE_BYTES } from "./fetch-ahead.js";
import type { SeriesImage } from "./series-images.js";
import { cross, dot, type Vector } from "./vector.js";

/** Where the voxels of a series lie: the middle of the first, and the steps to its neighbours, in patient millimetres. */
export interface VolumeGrid {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  readonly origin: Vector;
  readonly columnStep: Vector;
  readonly rowStep: Vector;
  /** Of a tilted gantry not at right angles to the others: the voxels lie so, and are taken from there. */
  readonly sliceStep: Vector;
}

/** Why a series is no volume, by the text that says it. */
export type NoVolume =
  | "mprTooFew"
  | "mprColour"
  | "mprNoPlace"
  | "mprSeveralPatients"
  | "mprSeveralFrames"
  | "mprSizes"
  | "mprNotParallel"
  | "mprIrregular"
  | "mprTooLarge";

const LEAST_SLICES = 4;
/** How far directions and spacings may differ: what the text of a DS loses. */
const SAME = 1e-3;
/** How far a slice may lie from its place in the row, as a share of the distance between slices. */
const OFF_PLACE = 0.02;
const BYTES_PER_VOXEL = 2;

/**
 * The volume that the images of a series are slices of, if they are: one patient and Frame of Reference, grey, of the
 * same size, spacing and direction, at equal distances. `images` in the order of their places.
 */
export function volumeGridOf(images: readonly SeriesImage[], bytes = IMAGE_BYTES): VolumeGrid | NoVolume {
  const grid = bytes === IMAGE_BYTES ? known.get(images) : undefined;
  if (grid !== undefined) return grid;
  const found = lookAt(images, bytes);
  if (bytes === IMAGE_BYTES) known.set(images, found);
  return found;
}

/** It is asked with every image that is shown. */
const known = new WeakMap<readonly SeriesImage[], VolumeGrid | NoVolume>();

function lookAt(images: readonly SeriesImage[], bytes: number): VolumeGrid | NoVolume {
  const [first] = images;
  const last = images.at(-1);
  if (first === undefined || last === undefined || images.length < LEAST_SLICES) return "mprTooFew";
  const every = (test: (image: SeriesImage) => boolean) => images.every(test);
  const sameText = (tag: string) =>
    every(({ metadata }) => textOf(metadata, tag) === textOf(first.metadata, tag));
  const { rows, columns, spacing, position: origin, rowDirection, columnDirection } = first;
  if (!every(({ metadata }) => textOf(metadata, "00280002") === "1")) return "mprColour";
  if (!sameText("00100020") || !sameText("00100010")) return "mprSeveralPatients";
  if (spacing === undefined || spacing.atDetector || origin === undefined || last.position === undefined)
    return "mprNoPlace";
  if (rowDirection === undefined || columnDirection === undefined) return "mprNoPlace";
  if (textOf(first.metadata, "00200052") === undefined) return "mprNoPlace";
  if (!sameText("00200052")) return "mprSeveralFrames";
  if (!every((image) => image.rows === rows && image.columns === columns)) return "mprSizes";
  if (
    !every(
      (image) =>
        Math.abs((image.spacing?.rowMm ?? NaN) - spacing.rowMm) < SAME &&
        Math.abs((image.spacing?.columnMm ?? NaN) - spacing.columnMm) < SAME,
    )
  )
    return "mprSizes";
  if (
    !every((image) => near(image.rowDirection, rowDirection) && near(image.columnDirection, columnDirection))
  )
    return "mprNotParallel";
  const sliceStep = scaled(minus(last.position, origin), 1 / (images.length - 1));
  const distance = Math.abs(dot(sliceStep, cross(rowDirection, columnDirection)));
  const isInPlace = ({ position }: SeriesImage, index: number) =>
    position !== undefined &&
    length(minus(position, plus(origin, scaled(sliceStep, index)))) <= OFF_PLACE * distance;
  if (!(distance > SAME) || !images.every(isInPlace)) return "mprIrregular";
  if (rows * columns * images.length * BYTES_PER_VOXEL > bytes) return "mprTooLarge";
  return {
    columns,
    rows,
    slices: images.length,
    origin,
    columnStep: scaled(rowDirection, spacing.columnMm),
    rowStep: scaled(columnDirection, spacing.rowMm),
    sliceStep,
  };
}

/** A point of the volume: columns, rows and slices from the middle of its first voxel. */
export function pointAt(grid: VolumeGrid, [column, row, slice]: Vector): Vector {
  const { origin, columnStep, rowStep, sliceStep } = grid;
  return plus(plus(origin, scaled(columnStep, column)), plus(scaled(rowStep, row), scaled(sliceStep, slice)));
}

/** The eight outer corners of the volume. */
export function cornersOf(grid: VolumeGrid): Vector[] {
  return extremesOf(grid, (count) => [-0.5, count - 0.5]);
}

function extremesOf(grid: VolumeGrid, ends: (count: number) => number[]): Vector[] {
  return ends(grid.columns).flatMap((column) =>
    ends(grid.rows).flatMap((row) => ends(grid.slices).map((slice) => pointAt(grid, [column, row, slice]))),
  );
}

/** A point, or the nearest to it in the box that holds the middles of all voxels. */
export function nearestInBox(grid: VolumeGrid, [x, y, z]: Vector): Vector {
  const middles = extremesOf(grid, (count) => [0, count - 1]);
  const within = (value: number, axis: 0 | 1 | 2) => {
    const places = middles.map((middle) => middle[axis]);
    return Math.min(Math.max(...places), Math.max(Math.min(...places), value));
  };
  return [within(x, 0), within(y, 1), within(z, 2)];
}

export function plus(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scaled([x, y, z]: Vector, by: number): Vector {
  return [x * by, y * by, z * by];
}

export function length(vector: Vector): number {
  return Math.hypot(...vector);
}

function near(a: Vector | undefined, b: Vector): boolean {
  return a !== undefined && length(minus(a, b)) < SAME;
}
