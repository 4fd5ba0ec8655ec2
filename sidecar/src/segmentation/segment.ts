import dcmjs from "dcmjs";
import type { Uid } from "../dicom/uid.js";
import { DCM, codeItem, type CodedConcept } from "./coded-concept.js";
import type { DicomObject } from "./part10-file.js";
import type { Algorithm } from "./result-context.js";

export const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";

/** A segment of a segmentation (PS3.3 C.8.20.2). */
export interface Segment {
  readonly number: number;
  readonly label: string;
  readonly description: string;
  readonly category: CodedConcept;
  readonly type: CodedConcept;
  readonly anatomicRegion: CodedConcept;
  /** sRGB, 0 to 255 each. */
  readonly colorRgb: readonly [number, number, number];
  /** The same in the SR. */
  readonly trackingId: string;
  readonly trackingUid: Uid;
  /** Who drew it: the algorithm alone unless told, a person who corrected it, or a person alone. */
  readonly algorithmType?: SegmentAlgorithmType;
}

/** Segment Algorithm Type (0062,0008). */
export type SegmentAlgorithmType = "AUTOMATIC" | "SEMIAUTOMATIC" | "MANUAL";

/** The item of Segment Sequence (PS3.3 C.8.20.2 and table 10-16). */
export function segmentItem(segment: Segment, algorithm: Algorithm): DicomObject {
  const { algorithmType = "AUTOMATIC" } = segment;
  const rgb = segment.colorRgb.map((component) => component / 255);
  return {
    SegmentNumber: segment.number,
    SegmentLabel: segment.label,
    SegmentDescription: segment.description,
    SegmentAlgorithmType: algorithmType,
    ...(algorithmType === "MANUAL" ? {} : identification(algorithm)),
    SegmentedPropertyCategoryCodeSequence: [codeItem(segment.category)],
    SegmentedPropertyTypeCodeSequence: [codeItem(segment.type)],
    AnatomicRegionSequence: [codeItem(segment.anatomicRegion)],
    TrackingID: segment.trackingId,
    TrackingUID: segment.trackingUid,
    RecommendedDisplayCIELabValue: dcmjs.data.Colors.rgb2DICOMLAB(rgb).map((value) =>
      Math.min(65535, Math.max(0, Math.round(value))),
    ),
  };
}

/** Of what an algorithm had no part in there is none (table C.8.20-4). */
function identification(algorithm: Algorithm): DicomObject {
  return {
    SegmentAlgorithmName: `${algorithm.name} ${algorithm.version}`,
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [codeItem(DCM.artificialIntelligence)],
        AlgorithmName: algorithm.name,
        AlgorithmVersion: algorithm.version,
        AlgorithmSource: algorithm.source,
      },
    ],
  };
}
