import { AnalysisError } from "./analysis-error.js";
import type { SourceFrame } from "./source-frames.js";
import { cross, dot, minus, norm, vectorAt, type Vector } from "./vector.js";

/** Directions of an image plane, as unit vectors. */
export interface Plane {
  /** Along a row: increasing column index. */
  readonly rowDirection: Vector;
  /** Along a column: increasing row index. */
  readonly columnDirection: Vector;
  /** rowDirection × columnDirection. */
  readonly normal: Vector;
}

/** Cosines are written with 6 or more decimals; scanners round them differently within a series. */
const DIRECTION_TOLERANCE = 1e-3;

/** The plane of Image Orientation (Patient) (PS3.3 C.7.6.2.1.1). @throws AnalysisError `orientation-invalid` */
export function planeOf({ cosines }: Pick<SourceFrame, "cosines">): Plane {
  const row = vectorAt(cosines, 0);
  const column = vectorAt(cosines, 3);
  if (row === undefined || column === undefined || cosines.length !== 6)
    throw new AnalysisError("orientation-invalid", "Image Orientation (Patient) does not have six values");
  const valid =
    Math.abs(norm(row) - 1) < 1e-2 && Math.abs(norm(column) - 1) < 1e-2 && Math.abs(dot(row, column)) < 1e-2;
  if (!valid) {
    throw new AnalysisError(
      "orientation-invalid",
      "Image Orientation (Patient) is not two orthogonal unit vectors",
    );
  }
  return { rowDirection: row, columnDirection: column, normal: cross(row, column) };
}

/**
 * The one plane that all frames lie in.
 * @throws AnalysisError `slices-not-parallel` or `orientation-mixed`, with how many lie how
 */
export function commonPlane(frames: readonly SourceFrame[]): Plane {
  const groups: { readonly plane: Plane; count: number }[] = [];
  for (const frame of frames) {
    const plane = planeOf(frame);
    const group = groups.find((known) => isSame(known.plane, plane));
    if (group === undefined) groups.push({ plane, count: 1 });
    else group.count++;
  }
  const [first, ...others] = groups;
  if (first === undefined) throw new AnalysisError("instances-missing", "the series has no instances");
  if (others.length === 0) return first.plane;
  const found = groups.map(({ plane, count }) => `${count} ${nameOf(plane.normal)}`).join(", ");
  if (
    others.every(({ plane }) => Math.abs(dot(plane.normal, first.plane.normal)) > 1 - DIRECTION_TOLERANCE)
  ) {
    throw new AnalysisError(
      "orientation-mixed",
      `the slices are turned against each other in their plane: ${found}, in ${groups.length} orientations`,
    );
  }
  throw new AnalysisError(
    "slices-not-parallel",
    `the slices are not parallel: ${found}, in ${groups.length} orientations`,
  );
}

function isSame(expected: Plane, found: Plane): boolean {
  return (
    dot(expected.normal, found.normal) > 1 - DIRECTION_TOLERANCE &&
    norm(minus(expected.rowDirection, found.rowDirection)) < 10 * DIRECTION_TOLERANCE &&
    norm(minus(expected.columnDirection, found.columnDirection)) < 10 * DIRECTION_TOLERANCE
  );
}

/** The anatomical plane that is nearest. */
function nameOf(normal: Vector): string {
  const [x, y, z] = normal.map(Math.abs) as [number, number, number];
  if (z >= x && z >= y) return "axial";
  return x >= y ? "sagittal" : "coronal";
}
