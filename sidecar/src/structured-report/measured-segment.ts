import type { Segment } from "../segmentation/write-segmentation.js";

/** What was measured of one segment of the model, found or not. */
export interface MeasuredSegment extends Segment {
  /** 0 when the algorithm found nothing. */
  readonly volumeMl: number;
  /** 0 to 1; null when nothing was found. */
  readonly meanProbability: number | null;
}
