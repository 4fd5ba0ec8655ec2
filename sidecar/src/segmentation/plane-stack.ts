import type { InstanceReference } from "./result-context.js";

type Vector = readonly [x: number, y: number, z: number];

/** A plane of a result, on the grid of the image (or frame) it was made from. */
export interface ResultPlane extends InstanceReference {
  /** Image Position (Patient) of the image, in mm: the centre of the plane's first pixel. */
  readonly positionMm: Vector;
}

/** Parallel planes of one matrix, sorted by position along rowDirection × columnDirection (PS3.3 C.7.6.2). */
export interface PlaneStack<Plane extends ResultPlane> {
  readonly rows: number;
  readonly columns: number;
  /** Unit vector along a row: increasing column index. */
  readonly rowDirection: Vector;
  /** Unit vector along a column: increasing row index. */
  readonly columnDirection: Vector;
  readonly rowSpacingMm: number;
  readonly columnSpacingMm: number;
  readonly sliceSpacingMm: number;
  readonly sliceThicknessMm: number | undefined;
  readonly frameOfReferenceUid: string;
  readonly planes: readonly Plane[];
}

/** A frame of a segmentation: one segment in one plane. */
export interface SegmentFrame<Plane extends ResultPlane> {
  readonly segmentNumber: number;
  readonly plane: Plane;
  /** Index of the plane in the stack. */
  readonly planeIndex: number;
}
