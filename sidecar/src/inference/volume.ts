import type { DataSet } from "../dicom/data-set.js";
import type { PixelFormat } from "../dicom/frame.js";
import { TAG } from "../dicom/tag.js";
import type { OrthancId } from "../dicom/uid.js";
import { AnalysisError } from "./analysis-error.js";
import { pixelFormatOf } from "./pixel-values.js";
import { cross, dot, minus, norm, vectorAt, type Vector } from "./vector.js";

export interface SourceInstance {
  readonly orthancId: OrthancId;
  readonly sopInstanceUid: string;
  readonly dataSet: DataSet;
}

export interface VolumeSlice extends SourceInstance {
  /** Image Position (Patient): the centre of the first pixel. */
  readonly positionMm: Vector;
  readonly format: PixelFormat;
}

/** A stack of parallel, equally spaced slices with one matrix. */
export interface VolumeGeometry {
  readonly rows: number;
  readonly columns: number;
  /** Unit vector along a row: increasing column index. */
  readonly rowDirection: Vector;
  /** Unit vector along a column: increasing row index. */
  readonly columnDirection: Vector;
  /** rowDirection × columnDirection; slices are sorted along it, lowest first. */
  readonly normal: Vector;
  /** Between the centres of adjacent rows (first value of Pixel Spacing). */
  readonly rowSpacingMm: number;
  /** Between the centres of adjacent columns (second value of Pixel Spacing). */
  readonly columnSpacingMm: number;
  /** Between the centres of adjacent slices; of a single slice its thickness. */
  readonly sliceSpacingMm: number;
  readonly sliceThicknessMm: number | undefined;
  readonly frameOfReferenceUid: string;
  readonly slices: readonly VolumeSlice[];
}

/** Cosines are written with 6 or more decimals; scanners round them differently within a series. */
const DIRECTION_TOLERANCE = 1e-3;
/** Gaps may differ by this share of the median gap. */
const GAP_TOLERANCE = 0.05;
/** In-plane drift from slice to slice, as a share of the gap: above it the stack is sheared (gantry tilt). */
const SHEAR_TOLERANCE = 0.02;
const DUPLICATE_MM = 1e-3;
const MOST_VOXELS = 64_000_000;

/**
 * Puts the instances of a series together by their geometry (PS3.3 C.7.6.2.1.1), never by Instance Number or order of
 * arrival. Whatever does not make one regular stack is refused, not repaired.
 * @throws AnalysisError with the reason
 */
export function assembleVolume(instances: readonly SourceInstance[]): VolumeGeometry {
  const [first] = instances;
  if (first === undefined) throw new AnalysisError("instances-missing", "the series has no instances");
  const slices = instances.map(describeSlice);
  const plane = planeOf(first);
  const frameOfReferenceUid = sameFrameOfReference(instances);
  const pixelSpacing = sameSpacing(instances);
  const [{ format }] = slices as [VolumeSlice];
  for (const slice of slices) {
    if (slice.format.rows !== format.rows || slice.format.columns !== format.columns)
      throw new AnalysisError("matrix-mixed", "the slices differ in rows or columns");
    assertSamePlane(plane, planeOf(slice));
  }
  if (format.rows * format.columns * slices.length > MOST_VOXELS)
    throw new AnalysisError("volume-too-large", `the volume has more than ${MOST_VOXELS} voxels`);

  const along = (slice: VolumeSlice): number => dot(slice.positionMm, plane.normal);
  slices.sort((a, b) => along(a) - along(b));
  const thickness = first.dataSet.number(TAG.SliceThickness);
  return {
    rows: format.rows,
    columns: format.columns,
    ...plane,
    ...pixelSpacing,
    sliceSpacingMm: sliceSpacing(slices, plane.normal, thickness),
    sliceThicknessMm: thickness !== undefined && thickness > 0 ? thickness : undefined,
    frameOfReferenceUid,
    slices,
  };
}

interface Plane {
  readonly rowDirection: Vector;
  readonly columnDirection: Vector;
  readonly normal: Vector;
}

function describeSlice(instance: SourceInstance): VolumeSlice {
  const { dataSet } = instance;
  if ((dataSet.number(TAG.NumberOfFrames) ?? 1) > 1 || dataSet.has(TAG.SharedFunctionalGroupsSequence)) {
    throw new AnalysisError(
      "multi-frame-not-supported",
      "multi-frame images are not analysed: their geometry is in functional groups",
    );
  }
  const position = dataSet.numbers(TAG.ImagePositionPatient);
  const positionMm = position?.length === 3 ? vectorAt(position, 0) : undefined;
  if (positionMm === undefined)
    throw new AnalysisError("position-missing", "an image has no Image Position (Patient)");
  return { ...instance, positionMm, format: pixelFormatOf(dataSet) };
}

function planeOf({ dataSet }: SourceInstance): Plane {
  const cosines = dataSet.numbers(TAG.ImageOrientationPatient);
  if (cosines === undefined)
    throw new AnalysisError("orientation-missing", "an image has no Image Orientation (Patient)");
  const row = vectorAt(cosines, 0);
  const column = vectorAt(cosines, 3);
  if (row === undefined || column === undefined || cosines.length !== 6)
    throw new AnalysisError("orientation-invalid", "Image Orientation (Patient) does not have six values");
  const valid =
    Math.abs(norm(row) - 1) < 1e-2 && Math.abs(norm(column) - 1) < 1e-2 && Math.abs(dot(row, column)) < 1e-2;
  if (!valid)
    throw new AnalysisError(
      "orientation-invalid",
      "Image Orientation (Patient) is not two orthogonal unit vectors",
    );
  return { rowDirection: row, columnDirection: column, normal: cross(row, column) };
}

function assertSamePlane(expected: Plane, found: Plane): void {
  if (dot(expected.normal, found.normal) < 1 - DIRECTION_TOLERANCE)
    throw new AnalysisError("slices-not-parallel", "the slices are not parallel");
  const same =
    norm(minus(expected.rowDirection, found.rowDirection)) < 10 * DIRECTION_TOLERANCE &&
    norm(minus(expected.columnDirection, found.columnDirection)) < 10 * DIRECTION_TOLERANCE;
  if (!same)
    throw new AnalysisError("orientation-mixed", "the slices are turned against each other in their plane");
}

function sliceSpacing(slices: readonly VolumeSlice[], normal: Vector, thickness: number | undefined): number {
  const [first] = slices;
  if (slices.length === 1 || first === undefined) {
    const single = thickness ?? first?.dataSet.number(TAG.SpacingBetweenSlices);
    if (single === undefined || single <= 0)
      throw new AnalysisError("slice-thickness-missing", "the only slice does not say how thick it is");
    return single;
  }
  const steps = slices
    .slice(1)
    .map((slice, index) => minus(slice.positionMm, (slices[index] ?? slice).positionMm));
  const gaps = steps.map((step) => dot(step, normal));
  const median = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  if (gaps.some((gap) => gap < DUPLICATE_MM))
    throw new AnalysisError("position-duplicate", "two slices are at the same position");
  const irregular = gaps.find((gap) => Math.abs(gap - median) > Math.max(GAP_TOLERANCE * median, 0.01));
  if (irregular !== undefined) {
    throw new AnalysisError(
      "spacing-irregular",
      `the slices are ${median.toFixed(2)} mm apart, but two of them ${irregular.toFixed(2)} mm`,
    );
  }
  steps.forEach((step, index) => {
    const gap = gaps[index] ?? 0;
    const drift = norm(minus(step, [normal[0] * gap, normal[1] * gap, normal[2] * gap]));
    if (drift > Math.max(SHEAR_TOLERANCE * gap, 0.01))
      throw new AnalysisError("slices-sheared", "the slices are not above each other (tilted gantry?)");
  });
  return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
}

function sameSpacing(instances: readonly SourceInstance[]): {
  rowSpacingMm: number;
  columnSpacingMm: number;
} {
  const [first, ...others] = instances.map(({ dataSet }) => {
    const [rowSpacingMm, columnSpacingMm] = dataSet.numbers(TAG.PixelSpacing) ?? [];
    if (
      rowSpacingMm === undefined ||
      columnSpacingMm === undefined ||
      rowSpacingMm <= 0 ||
      columnSpacingMm <= 0
    )
      throw new AnalysisError("pixel-spacing-missing", "an image has no Pixel Spacing");
    return { rowSpacingMm, columnSpacingMm };
  });
  if (first === undefined) throw new AnalysisError("instances-missing", "the series has no instances");
  for (const { rowSpacingMm, columnSpacingMm } of others) {
    const differs =
      Math.abs(rowSpacingMm / first.rowSpacingMm - 1) > 1e-3 ||
      Math.abs(columnSpacingMm / first.columnSpacingMm - 1) > 1e-3;
    if (differs) throw new AnalysisError("pixel-spacing-mixed", "the slices differ in Pixel Spacing");
  }
  return first;
}

function sameFrameOfReference(instances: readonly SourceInstance[]): string {
  const uids = instances.map(({ dataSet }) => dataSet.string(TAG.FrameOfReferenceUID));
  const [uid] = uids;
  if (uid === undefined || uids.includes(undefined))
    throw new AnalysisError("frame-of-reference-missing", "an image has no Frame of Reference UID");
  if (uids.some((other) => other !== uid))
    throw new AnalysisError("frame-of-reference-mixed", "the images are in different frames of reference");
  return uid;
}
