import { cross, dot, type Vector } from "./vector.js";
import { cornersOf, minus, plus, scaled, type VolumeGrid } from "./volume-grid.js";

export interface Volume {
  readonly grid: VolumeGrid;
  /** Values of the modality, column by column, row by row, slice by slice. */
  readonly values: Int16Array | Float32Array;
}

/** A plane of the patient as it is looked at: unit vectors along the screen. */
export interface PlaneView {
  readonly name: "axial" | "sagittal" | "coronal";
  readonly right: Vector;
  readonly down: Vector;
}

/** As radiologists look: from the feet, from the patient's left, from the front. */
export const PLANES: readonly [PlaneView, PlaneView, PlaneView] = [
  { name: "axial", right: [1, 0, 0], down: [0, 1, 0] },
  { name: "sagittal", right: [0, 1, 0], down: [0, 0, -1] },
  { name: "coronal", right: [1, 0, 0], down: [0, 0, -1] },
];

/** The part of a plane that is sampled: pixels of the same size both ways, whatever the voxels are. */
export interface SampledPlane {
  readonly right: Vector;
  readonly down: Vector;
  /** The outer corner of the first pixel. */
  readonly corner: Vector;
  readonly width: number;
  readonly height: number;
  readonly millimetresPerPixel: number;
}

const MOST_PIXELS = 768;

/** The plane of a view through a point, as large as the volume is when looked at that way. */
export function planeThrough(grid: VolumeGrid, { right, down }: PlaneView, point: Vector): SampledPlane {
  const corners = cornersOf(grid);
  const range = (along: Vector) => {
    const places = corners.map((corner) => dot(corner, along));
    return { least: Math.min(...places), most: Math.max(...places) };
  };
  const [across, downwards, through] = [range(right), range(down), cross(right, down)];
  const [widthMm, heightMm] = [across.most - across.least, downwards.most - downwards.least];
  const finest = Math.min(Math.hypot(...grid.columnStep), Math.hypot(...grid.rowStep));
  const millimetresPerPixel = Math.max(finest, Math.max(widthMm, heightMm) / MOST_PIXELS);
  const corner = plus(
    plus(scaled(right, across.least), scaled(down, downwards.least)),
    scaled(through, dot(point, through)),
  );
  return {
    right,
    down,
    corner,
    width: Math.ceil(widthMm / millimetresPerPixel),
    height: Math.ceil(heightMm / millimetresPerPixel),
    millimetresPerPixel,
  };
}

/** A point of a plane in the patient, by pixels from its outer corner. */
export function onPlane(
  { corner, right, down, millimetresPerPixel }: SampledPlane,
  x: number,
  y: number,
): Vector {
  return plus(corner, plus(scaled(right, x * millimetresPerPixel), scaled(down, y * millimetresPerPixel)));
}

/** Where a point is seen on a plane, in pixels from its outer corner. */
export function seenOn(
  { corner, right, down, millimetresPerPixel }: SampledPlane,
  point: Vector,
): [number, number] {
  const from = minus(point, corner);
  return [dot(from, right) / millimetresPerPixel, dot(from, down) / millimetresPerPixel];
}

/** Values on a plane, linear between the eight voxels around each point; NaN outside the volume. */
export function reslice({ grid, values }: Volume, plane: SampledPlane): Float32Array {
  const { width, height } = plane;
  const { start, right, down } = inVoxels(plane, grid);
  const { columns, rows, slices } = grid;
  const ofSlice = columns * rows;
  const seen = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1, at += 1) {
      const i = start[0] + x * right[0] + y * down[0];
      const j = start[1] + x * right[1] + y * down[1];
      const k = start[2] + x * right[2] + y * down[2];
      // A voxel reaches half way to the next one; so does an outer one outwards.
      if (!(
        i >= -0.5 &&
        j >= -0.5 &&
        k >= -0.5 &&
        i <= columns - 0.5 &&
        j <= rows - 0.5 &&
        k <= slices - 0.5
      )) {
        seen[at] = NaN;
        continue;
      }
      const [i0, fi] = below(i, columns);
      const [j0, fj] = below(j, rows);
      const [k0, fk] = below(k, slices);
      const [si, sj, sk] = [columns > 1 ? 1 : 0, rows > 1 ? columns : 0, slices > 1 ? ofSlice : 0];
      const v = k0 * ofSlice + j0 * columns + i0;
      const edge = (from: number) => (values[from] ?? NaN) * (1 - fi) + (values[from + si] ?? NaN) * fi;
      const face = (from: number) => edge(from) * (1 - fj) + edge(from + sj) * fj;
      seen[at] = face(v) * (1 - fk) + face(v + sk) * fk;
    }
  return seen;
}

/** Where the middle of a plane's first pixel lies, and the steps to its neighbours, in columns, rows and slices. */
export function inVoxels(
  plane: SampledPlane,
  grid: VolumeGrid,
): { readonly start: Vector; readonly right: Vector; readonly down: Vector } {
  const toVoxel = voxelsOf(grid);
  return {
    start: toVoxel(minus(onPlane(plane, 0.5, 0.5), grid.origin)),
    right: toVoxel(scaled(plane.right, plane.millimetresPerPixel)),
    down: toVoxel(scaled(plane.down, plane.millimetresPerPixel)),
  };
}

/** The voxel before a place and how far the place is on the way to the next, at the ends no further than the last. */
function below(place: number, count: number): [number, number] {
  const clamped = Math.min(count - 1, Math.max(0, place));
  const before = Math.min(Math.floor(clamped), Math.max(0, count - 2));
  return [before, clamped - before];
}

/** Turns millimetres into steps of columns, rows and slices, also where these are not at right angles. */
function voxelsOf({ columnStep, rowStep, sliceStep }: VolumeGrid): (millimetres: Vector) => Vector {
  const volume = dot(columnStep, cross(rowStep, sliceStep));
  const [a, b, c] = [cross(rowStep, sliceStep), cross(sliceStep, columnStep), cross(columnStep, rowStep)];
  return (millimetres) => [
    dot(a, millimetres) / volume,
    dot(b, millimetres) / volume,
    dot(c, millimetres) / volume,
  ];
}
