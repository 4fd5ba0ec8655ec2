import type { CodedConcept } from "../segmentation/coded-concept.js";
import type { Segment } from "../segmentation/segment.js";

/** What was measured of one segment of the model, found or not. */
export interface MeasuredSegment extends Segment {
  /** 0 when the algorithm found nothing. */
  readonly volumeMl: number;
  /** Between the centres of the two voxels of one island that are farthest apart, in mm; null when nothing was found. */
  readonly longestDiameterMm: number | null;
  /** Mean of the images' modality values over the segment; null when nothing was found. */
  readonly meanIntensity: MeanIntensity | null;
  /** 0 to 1; null when nothing was found. */
  readonly meanProbability: number | null;
  /** The person who corrected what the algorithm found; then there is no mean probability. */
  readonly correctedBy?: string | undefined;
}

export interface MeanIntensity {
  readonly value: number;
  /** HOUNSFIELD_UNIT, or NO_UNIT for an intensity in the scanner's own arbitrary scale. */
  readonly unit: CodedConcept;
}

export const HOUNSFIELD_UNIT: CodedConcept = {
  value: "[hnsf'U]",
  scheme: "UCUM",
  meaning: "Hounsfield unit",
};
export const NO_UNIT: CodedConcept = { value: "1", scheme: "UCUM", meaning: "no units" };
