import type { DataSet } from "../dicom/data-set.js";
import type { PixelFormat } from "../dicom/frame.js";
import { TAG, type Tag } from "../dicom/tag.js";
import type { OrthancId } from "../dicom/uid.js";
import { AnalysisError } from "./analysis-error.js";
import { FrameGroups, isEnhancedImage } from "./frame-groups.js";
import { pixelFormatOf } from "./pixel-values.js";
import { rescaleOf, type Rescale } from "./rescale.js";
import { traitsOf, type Trait } from "./frame-traits.js";
import { vectorAt, type Vector } from "./vector.js";

export interface SourceInstance {
  readonly orthancId: OrthancId;
  readonly sopInstanceUid: string;
  readonly dataSet: DataSet;
}

/** One image plane of a series: an image, or a frame of a multi-frame image, with what its own attributes say. */
export interface SourceFrame extends SourceInstance {
  readonly sopClassUid: string;
  /** From 0, as pixels are read. */
  readonly frameIndex: number;
  /** From 1, as DICOM refers to frames; undefined for an image of a single frame (PS3.3 table 10-3). */
  readonly frameNumber: number | undefined;
  /** Image Position (Patient), in mm: the centre of the first pixel. */
  readonly positionMm: Vector;
  /** Image Orientation (Patient): the six cosines as they stand there. */
  readonly cosines: readonly number[];
  readonly rowSpacingMm: number;
  readonly columnSpacingMm: number;
  readonly sliceThicknessMm: number | undefined;
  readonly spacingBetweenSlicesMm: number | undefined;
  readonly format: PixelFormat;
  readonly rescale: Rescale;
  /** What tells it from another frame at the same place. */
  readonly traits: readonly Trait[];
}

/**
 * The image planes of an instance. Of an Enhanced CT, MR or PET image the geometry and rescale of each frame come from
 * its functional groups, the shared ones where it has none of its own (PS3.3 C.7.6.16).
 * @throws AnalysisError with what is missing or not understood
 */
export function sourceFrames(instance: SourceInstance): SourceFrame[] {
  const { dataSet } = instance;
  const format = pixelFormatOf(dataSet);
  const frames = dataSet.number(TAG.NumberOfFrames) ?? 1;
  if (isEnhancedImage(dataSet)) {
    return FrameGroups.of(dataSet, frames).map((groups, frameIndex) => ({
      ...instance,
      sopClassUid: dataSet.string(TAG.SOPClassUID) ?? "",
      frameIndex,
      frameNumber: frameIndex + 1,
      format,
      ...geometryOf((tag) => groups.attribute(tag)),
      rescale: rescaleOf(dataSet, groups.attribute(TAG.RescaleSlope)),
      traits: traitsOf((tag) => groups.attribute(tag)),
    }));
  }
  if (frames > 1 || dataSet.has(TAG.SharedFunctionalGroupsSequence)) {
    throw new AnalysisError(
      "multi-frame-not-supported",
      "of multi-frame images only Enhanced CT, MR and PET say where each frame lies",
    );
  }
  return [
    {
      ...instance,
      sopClassUid: dataSet.string(TAG.SOPClassUID) ?? "",
      frameIndex: 0,
      frameNumber: undefined,
      format,
      ...geometryOf(() => dataSet),
      rescale: rescaleOf(dataSet, dataSet),
      traits: traitsOf(() => dataSet),
    },
  ];
}

/** @param holder gives the data set that has an attribute of the frame, wherever that is */
function geometryOf(holder: (tag: Tag) => DataSet | undefined) {
  const position = holder(TAG.ImagePositionPatient)?.numbers(TAG.ImagePositionPatient);
  const positionMm = position?.length === 3 ? vectorAt(position, 0) : undefined;
  if (positionMm === undefined)
    throw new AnalysisError("position-missing", "an image has no Image Position (Patient)");
  const cosines = holder(TAG.ImageOrientationPatient)?.numbers(TAG.ImageOrientationPatient);
  if (cosines === undefined)
    throw new AnalysisError("orientation-missing", "an image has no Image Orientation (Patient)");
  const [rowSpacingMm, columnSpacingMm] = holder(TAG.PixelSpacing)?.numbers(TAG.PixelSpacing) ?? [];
  if (!isPositive(rowSpacingMm) || !isPositive(columnSpacingMm))
    throw new AnalysisError("pixel-spacing-missing", "an image has no Pixel Spacing");
  const thickness = holder(TAG.SliceThickness)?.number(TAG.SliceThickness);
  const between = holder(TAG.SpacingBetweenSlices)?.number(TAG.SpacingBetweenSlices);
  return {
    positionMm,
    cosines,
    rowSpacingMm,
    columnSpacingMm,
    sliceThicknessMm: isPositive(thickness) ? thickness : undefined,
    spacingBetweenSlicesMm: isPositive(between) ? between : undefined,
  };
}

function isPositive(value: number | undefined): value is number {
  return value !== undefined && value > 0;
}
