import type { PlaneStack, ResultPlane, SegmentFrame } from "./plane-stack.js";

/** One plane of a label map. */
export interface LabelPlane extends ResultPlane {
  /** rows × columns Segment Numbers; 0 for none. */
  readonly labels: Uint8Array;
}

export type LabelMap = PlaneStack<LabelPlane>;

/** The frames that have content: by segment, then by position. */
export function segmentFrames(
  planes: readonly LabelPlane[],
  segmentNumbers: readonly number[],
): SegmentFrame<LabelPlane>[] {
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
export function packFrames(frames: readonly SegmentFrame<LabelPlane>[], pixelsPerFrame: number): Uint8Array {
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
