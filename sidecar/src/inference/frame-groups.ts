import type { DataSet } from "../dicom/data-set.js";
import { TAG, type Tag } from "../dicom/tag.js";
import { AnalysisError } from "./analysis-error.js";

/** Those whose functional groups say where each frame lies (PS3.3 A.36, A.38, A.56, A.70 to A.72). */
const ENHANCED_IMAGES = new Set([
  "1.2.840.10008.5.1.4.1.1.2.1", // Enhanced CT
  "1.2.840.10008.5.1.4.1.1.2.2", // Legacy Converted Enhanced CT
  "1.2.840.10008.5.1.4.1.1.4.1", // Enhanced MR
  "1.2.840.10008.5.1.4.1.1.4.4", // Legacy Converted Enhanced MR
  "1.2.840.10008.5.1.4.1.1.128.1", // Legacy Converted Enhanced PET
  "1.2.840.10008.5.1.4.1.1.130", // Enhanced PET
]);

/** Which functional group an attribute of a frame is in (PS3.3 C.7.6.16.2, C.8.13.5, C.8.15.3). */
const GROUP_OF: Readonly<Record<string, readonly Tag[]>> = {
  [TAG.ImagePositionPatient]: [TAG.PlanePositionSequence],
  [TAG.ImageOrientationPatient]: [TAG.PlaneOrientationSequence],
  [TAG.PixelSpacing]: [TAG.PixelMeasuresSequence],
  [TAG.SliceThickness]: [TAG.PixelMeasuresSequence],
  [TAG.SpacingBetweenSlices]: [TAG.PixelMeasuresSequence],
  [TAG.RescaleSlope]: [TAG.PixelValueTransformationSequence],
  [TAG.StackID]: [TAG.FrameContentSequence],
  [TAG.TemporalPositionIndex]: [TAG.FrameContentSequence],
  [TAG.FrameAcquisitionNumber]: [TAG.FrameContentSequence],
  [TAG.EffectiveEchoTime]: [TAG.MREchoSequence],
  [TAG.DiffusionBValue]: [TAG.MRDiffusionSequence],
  [TAG.FrameType]: [TAG.MRImageFrameTypeSequence, TAG.CTImageFrameTypeSequence, TAG.PETFrameTypeSequence],
};

export function isEnhancedImage(dataSet: DataSet): boolean {
  return (
    ENHANCED_IMAGES.has(dataSet.string(TAG.SOPClassUID) ?? "") &&
    dataSet.has(TAG.SharedFunctionalGroupsSequence)
  );
}

/** The functional groups of one frame. */
export class FrameGroups {
  private constructor(
    private readonly shared: DataSet | undefined,
    private readonly own: DataSet,
  ) {}

  /** Those of each frame, in the order of the frames. @throws AnalysisError `functional-groups-invalid` */
  static of(dataSet: DataSet, frames: number): FrameGroups[] {
    const [shared] = dataSet.items(TAG.SharedFunctionalGroupsSequence);
    const perFrame = dataSet.items(TAG.PerFrameFunctionalGroupsSequence);
    if (perFrame.length !== frames) {
      throw new AnalysisError(
        "functional-groups-invalid",
        `an image has ${frames} frames, but functional groups of ${perFrame.length}`,
      );
    }
    return perFrame.map((own) => new FrameGroups(shared, own));
  }

  /** The item of the functional group that the attribute is in: the frame's own, else the shared one. */
  attribute(tag: Tag): DataSet | undefined {
    for (const group of GROUP_OF[tag] ?? []) {
      const [item] = this.own.items(group);
      const [shared] = this.shared?.items(group) ?? [];
      if (item !== undefined || shared !== undefined) return item ?? shared;
    }
    return undefined;
  }
}
