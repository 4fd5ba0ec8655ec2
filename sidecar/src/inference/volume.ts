import { TAG } from "../dicom/tag.js";
import { AnalysisError } from "./analysis-error.js";
import { commonPlane } from "./frame-plane.js";
import type { IntensityUnits } from "./rescale.js";
import { sliceSpacing } from "./slice-spacing.js";
import { sourceFrames, type SourceFrame, type SourceInstance } from "./source-frames.js";
import { dot, type Vector } from "./vector.js";

export type { SourceInstance } from "./source-frames.js";

/** An image of the volume, or a frame of one. */
export type VolumeSlice = SourceFrame;

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
  /** What the slices' modality values are measured in. */
  readonly units: IntensityUnits;
  readonly slices: readonly VolumeSlice[];
}

/** Of 600 slices of 512 × 512 pixels; a process stays under 1.5 GB with them (test/integration/long-series.test.ts). */
const MOST_VOXELS = 160_000_000;

/**
 * Puts the images of a series, and the frames of multi-frame images, together by their geometry (PS3.3 C.7.6.2.1.1),
 * never by Instance Number or order of arrival. Whatever does not make one regular stack is refused with what was
 * found, not repaired: a tilted gantry, a missing or a second slice, several orientations, several stacks
 * (docs/volumes.md).
 * @throws AnalysisError with the reason
 */
export function assembleVolume(instances: readonly SourceInstance[]): VolumeGeometry {
  const slices = instances.flatMap(sourceFrames);
  const [first] = slices;
  if (first === undefined) throw new AnalysisError("instances-missing", "the series has no instances");
  const plane = commonPlane(slices);
  const frameOfReferenceUid = sameFrameOfReference(instances);
  for (const slice of slices) assertAlike(first, slice);
  const { rows, columns } = first.format;
  if (rows * columns * slices.length > MOST_VOXELS)
    throw new AnalysisError("volume-too-large", `the volume has more than ${MOST_VOXELS} voxels`);
  const along = (slice: VolumeSlice): number => dot(slice.positionMm, plane.normal);
  slices.sort((a, b) => along(a) - along(b) || byReference(a, b));
  return {
    rows,
    columns,
    ...plane,
    rowSpacingMm: first.rowSpacingMm,
    columnSpacingMm: first.columnSpacingMm,
    sliceSpacingMm: sliceSpacing(slices, plane.normal),
    sliceThicknessMm: first.sliceThicknessMm,
    frameOfReferenceUid,
    units: first.rescale.units,
    slices,
  };
}

/** So that the same images give the same answer in whatever order they came, a refusal too. */
function byReference(a: VolumeSlice, b: VolumeSlice): number {
  if (a.sopInstanceUid !== b.sopInstanceUid) return a.sopInstanceUid < b.sopInstanceUid ? -1 : 1;
  return a.frameIndex - b.frameIndex;
}

function assertAlike(first: SourceFrame, other: SourceFrame): void {
  if (other.format.rows !== first.format.rows || other.format.columns !== first.format.columns)
    throw new AnalysisError("matrix-mixed", "the slices differ in rows or columns");
  const differs =
    Math.abs(other.rowSpacingMm / first.rowSpacingMm - 1) > 1e-3 ||
    Math.abs(other.columnSpacingMm / first.columnSpacingMm - 1) > 1e-3;
  if (differs) throw new AnalysisError("pixel-spacing-mixed", "the slices differ in Pixel Spacing");
  if (other.rescale.units !== first.rescale.units)
    throw new AnalysisError("units-mixed", "some slices are in Hounsfield units, others are not");
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
