import type { InstanceReference } from "./result-context.js";

type Vector = readonly [number, number, number];

/** One plane of a label map, on the grid of the image it was made from. */
export interface LabelPlane extends InstanceReference {
  /** Image Position (Patient) of the image: the plane's first pixel. */
  readonly positionMm: Vector;
  /** rows × columns Segment Numbers; 0 for none. */
  readonly labels: Uint8Array;
}

/** A label map over parallel planes, sorted by position along `normal`. */
export interface LabelMap {
  readonly rows: number;
  readonly columns: number;
  readonly rowDirection: Vector;
  readonly columnDirection: Vector;
  readonly rowSpacingMm: number;
  readonly columnSpacingMm: number;
  readonly sliceSpacingMm: number;
  readonly sliceThicknessMm: number | undefined;
  readonly frameOfReferenceUid: string;
  readonly planes: readonly LabelPlane[];
}

/** A frame of a BINARY segmentation: where one segment is in one plane. */
export interface SegmentFrame {
  readonly segmentNumber: number;
  readonly plane: LabelPlane;
  /** Index of the plane in the label map. */
  readonly planeIndex: number;
}

/** The frames that have content: by segment, then by position. */
export function segmentFrames(
  planes: readonly LabelPlane[],
  segmentNumbers: readonly number[],
): SegmentFrame[] {
  return segmentNumbers.flatMap((segmentNumber) =>
    planes.flatMap((plane, planeIndex) =>
      plane.labels.includes(segmentNumber) ? [{ segmentNumber, plane, planeIndex }] : [],
    ),
  );
}

/**
 * Packs frames as 1-bit pixels (PS3.5 8.1.1, D.1): the first pixel in the lowest bit, frames directly after each other
 * even where one ends within a byte, the end padded to an even length.
 */
export function packFrames(frames: readonly SegmentFrame[], pixelsPerFrame: number): Uint8Array {
  const bytes = Math.ceil((frames.length * pixelsPerFrame) / 8);
  const packed = new Uint8Array(bytes + (bytes % 2));
  let bit = 0;
  for (const { segmentNumber, plane } of frames) {
    for (const label of plane.labels) {
      if (label === segmentNumber) packed[bit >> 3] = (packed[bit >> 3] ?? 0) | (1 << (bit & 7));
      bit++;
    }
  }
  return packed;
}
