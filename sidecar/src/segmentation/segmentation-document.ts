import type { DataSet } from "../dicom/data-set.js";
import { TAG } from "../dicom/tag.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import { dimensionIndexes, perFrameGroups, sharedGroups } from "./functional-groups.js";
import { writePart10File, type DicomObject } from "./part10-file.js";
import type { PlaneStack, ResultPlane, SegmentFrame } from "./plane-stack.js";
import {
  contributingEquipment,
  equipment,
  localDateTime,
  patientAndStudy,
  referencedSeries,
  type Algorithm,
  type WrittenInstance,
} from "./result-context.js";
import { SEGMENTATION_STORAGE, segmentItem, type Segment } from "./segment.js";

/** High, so that results sort behind the images. */
const SERIES_NUMBER = 9001;

/** What every kind of segmentation is made of. */
export interface SegmentationContext {
  readonly seriesInstanceUid: Uid;
  readonly sopInstanceUid: Uid;
  readonly sourceSeriesInstanceUid: string;
  /** One of the images: who the patient is, which study it belongs to. */
  readonly image: DataSet;
  readonly algorithm: Algorithm;
  /** Numbered 1, 2, 3 … (PS3.3 C.8.20.2); one that nothing was found of is described and has no frame. */
  readonly segments: readonly Segment[];
  readonly createdAt: Date;
}

/**
 * Writes a DICOM Segmentation (PS3.3 A.51): frames by segment, then by position, each with its own position and the
 * image it was derived from, so that a viewer matches them by geometry and not by order.
 * @param kind the attributes that say how pixels are stored and what they mean, and Pixel Data
 * @throws TypeError without a frame: an image needs one (Number of Frames is at least 1); for segments that are not
 *   numbered from 1 on without a gap
 */
export function segmentationDocument(
  context: SegmentationContext,
  stack: PlaneStack<ResultPlane>,
  frames: readonly SegmentFrame<ResultPlane>[],
  kind: DicomObject,
): WrittenInstance {
  const { image, algorithm, segments, seriesInstanceUid, sopInstanceUid } = context;
  if (frames.length === 0) throw new TypeError("a segmentation needs at least one frame");
  if (segments.some(({ number }, index) => number !== index + 1))
    throw new TypeError("segments are numbered 1, 2, 3 …");
  const created = localDateTime(context.createdAt, image);
  const dimensionOrganizationUid = derivedUid(sopInstanceUid, "dimension organization");
  const bytes = writePart10File({
    ...patientAndStudy(image),
    SOPClassUID: SEGMENTATION_STORAGE,
    SOPInstanceUID: sopInstanceUid,
    InstanceCreationDate: created.date,
    InstanceCreationTime: created.time,
    Modality: "SEG",
    SeriesInstanceUID: seriesInstanceUid,
    SeriesNumber: SERIES_NUMBER,
    SeriesDate: created.date,
    SeriesTime: created.time,
    SeriesDescription: `${algorithm.title}: ${algorithm.notice}`.slice(0, 64),
    ...equipment(algorithm),
    ContributingEquipmentSequence: contributingEquipment(algorithm),
    FrameOfReferenceUID: stack.frameOfReferenceUid,
    PositionReferenceIndicator: image.text(TAG.PositionReferenceIndicator) ?? null,
    InstanceNumber: 1,
    ContentDate: created.date,
    ContentTime: created.time,
    ContentLabel: "AI_SEGMENTATION",
    ContentDescription: algorithm.notice,
    ContentCreatorName: null,
    ImageType: ["DERIVED", "PRIMARY"],
    ...lossyCompression(image),
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: stack.rows,
    Columns: stack.columns,
    PixelRepresentation: 0,
    NumberOfFrames: frames.length,
    SegmentSequence: segments.map((segment) => segmentItem(segment, algorithm)),
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionOrganizationUid }],
    DimensionIndexSequence: dimensionIndexes(dimensionOrganizationUid),
    SharedFunctionalGroupsSequence: [sharedGroups(stack)],
    PerFrameFunctionalGroupsSequence: perFrameGroups(frames),
    ReferencedSeriesSequence: [referencedSeries(context.sourceSeriesInstanceUid, stack.planes)],
    ...kind,
  });
  return { seriesInstanceUid, sopInstanceUid, bytes };
}

/** Lossy stays lossy (PS3.3 C.7.6.1.1.5): a segmentation of such images says so too. */
function lossyCompression(image: DataSet): DicomObject {
  if (image.string(TAG.LossyImageCompression) !== "01") return { LossyImageCompression: "00" };
  return {
    LossyImageCompression: "01",
    LossyImageCompressionRatio: image.text(TAG.LossyImageCompressionRatio),
    LossyImageCompressionMethod: image.text(TAG.LossyImageCompressionMethod),
  };
}
