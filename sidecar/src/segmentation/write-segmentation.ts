import { packFrames, segmentFrames, type LabelMap } from "./label-map.js";
import type { WrittenInstance } from "./result-context.js";
import { segmentationDocument, type SegmentationContext } from "./segmentation-document.js";

export interface SegmentationInput extends SegmentationContext {
  readonly labelMap: LabelMap;
}

/**
 * Writes a BINARY segmentation (PS3.3 C.8.20.2): one frame per segment and plane with content. A voxel of a label map
 * has one label, so its segments never overlap. The same input gives the same bytes.
 * @throws TypeError when no segment has a voxel
 */
export function writeSegmentation({ labelMap, ...context }: SegmentationInput): WrittenInstance {
  const frames = segmentFrames(
    labelMap.planes,
    context.segments.map(({ number }) => number),
  );
  return segmentationDocument(context, labelMap, frames, {
    SegmentationType: "BINARY",
    SegmentsOverlap: "NO",
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelData: packFrames(frames, labelMap.rows * labelMap.columns),
  });
}
