import type { Uid } from "../dicom/uid.js";
import { DCM, codeItem } from "./coded-concept.js";
import type { DicomObject } from "./part10-file.js";
import type { PlaneStack, ResultPlane, SegmentFrame } from "./plane-stack.js";
import { instanceReference } from "./result-context.js";

/** Frames are indexed by segment, then by position along the stack (PS3.3 C.7.6.17). */
export function dimensionIndexes(organizationUid: Uid): DicomObject[] {
  const index = (pointer: number, group: number, label: string): DicomObject => ({
    DimensionOrganizationUID: organizationUid,
    DimensionIndexPointer: pointer,
    FunctionalGroupPointer: group,
    DimensionDescriptionLabel: label,
  });
  return [
    index(0x0062000b, 0x0062000a, "Segment Number"),
    index(0x00200032, 0x00209113, "Image Position (Patient)"),
  ];
}

/** What all frames have in common: orientation and pixel measures (PS3.3 C.7.6.16.2.1, C.7.6.16.2.4). */
export function sharedGroups(stack: PlaneStack<ResultPlane>): DicomObject {
  return {
    PlaneOrientationSequence: [
      { ImageOrientationPatient: [...stack.rowDirection, ...stack.columnDirection] },
    ],
    PixelMeasuresSequence: [
      {
        PixelSpacing: [stack.rowSpacingMm, stack.columnSpacingMm],
        SliceThickness: stack.sliceThicknessMm ?? stack.sliceSpacingMm,
        SpacingBetweenSlices: stack.sliceSpacingMm,
      },
    ],
  };
}

/** Of each frame: its segment, its own position, and the image (or frame) it was derived from. */
export function perFrameGroups(frames: readonly SegmentFrame<ResultPlane>[]): DicomObject[] {
  const positions = [...new Set(frames.map(({ planeIndex }) => planeIndex))].sort((a, b) => a - b);
  const indexOf = new Map(positions.map((planeIndex, at) => [planeIndex, at + 1]));
  return frames.map(({ segmentNumber, plane, planeIndex }) => ({
    FrameContentSequence: [{ DimensionIndexValues: [segmentNumber, indexOf.get(planeIndex) ?? 0] }],
    PlanePositionSequence: [{ ImagePositionPatient: plane.positionMm }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segmentNumber }],
    DerivationImageSequence: [
      {
        DerivationCodeSequence: [codeItem(DCM.segmentation)],
        SourceImageSequence: [
          {
            ...instanceReference(plane),
            PurposeOfReferenceCodeSequence: [codeItem(DCM.sourceImageForProcessing)],
            SpatialLocationsPreserved: "YES",
          },
        ],
      },
    ],
  }));
}
