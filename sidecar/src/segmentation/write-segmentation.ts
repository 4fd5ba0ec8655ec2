import dcmjs from "dcmjs";
import type { DataSet } from "../dicom/data-set.js";
import { TAG } from "../dicom/tag.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import { DCM, codeItem, type CodedConcept } from "./coded-concept.js";
import { packFrames, segmentFrames, type LabelMap, type SegmentFrame } from "./label-map.js";
import { writePart10File, type DicomObject } from "./part10-file.js";
import {
  contributingEquipment,
  equipment,
  instanceReference,
  localDateTime,
  patientAndStudy,
  referencedSeries,
  type Algorithm,
  type WrittenInstance,
} from "./result-context.js";

export const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";
/** High, so that results sort behind the images. */
const SERIES_NUMBER = 9001;

export interface Segment {
  readonly number: number;
  readonly label: string;
  readonly description: string;
  readonly category: CodedConcept;
  readonly type: CodedConcept;
  readonly anatomicRegion: CodedConcept;
  readonly colorRgb: readonly [number, number, number];
  /** The same in the SR. */
  readonly trackingId: string;
  readonly trackingUid: Uid;
}

export interface SegmentationInput {
  readonly seriesInstanceUid: Uid;
  readonly sopInstanceUid: Uid;
  readonly sourceSeriesInstanceUid: string;
  /** One of the images: who the patient is, which study it belongs to. */
  readonly image: DataSet;
  readonly algorithm: Algorithm;
  /** Only segments that have a voxel; an empty one has no place in a segmentation without frames for it. */
  readonly segments: readonly Segment[];
  readonly labelMap: LabelMap;
  readonly createdAt: Date;
}

/**
 * Writes a DICOM Segmentation (PS3.3 A.51, BINARY): one frame per segment and plane with content, each with its own
 * position and the image it was derived from, so that a viewer matches them by geometry and not by order. The same
 * input gives the same bytes.
 * @throws TypeError when no segment has a voxel: an image needs a frame (Number of Frames is at least 1)
 */
export function writeSegmentation(input: SegmentationInput): WrittenInstance {
  const { image, algorithm, segments, labelMap } = input;
  const frames = segmentFrames(
    labelMap.planes,
    segments.map(({ number }) => number),
  );
  if (frames.length === 0) throw new TypeError("a segmentation needs at least one frame");
  const created = localDateTime(input.createdAt, image);
  const dimensionOrganizationUid = derivedUid(input.sopInstanceUid, "dimension organization");
  const bytes = writePart10File({
    ...patientAndStudy(image),
    SOPClassUID: SEGMENTATION_STORAGE,
    SOPInstanceUID: input.sopInstanceUid,
    InstanceCreationDate: created.date,
    InstanceCreationTime: created.time,
    Modality: "SEG",
    SeriesInstanceUID: input.seriesInstanceUid,
    SeriesNumber: SERIES_NUMBER,
    SeriesDate: created.date,
    SeriesTime: created.time,
    SeriesDescription: `${algorithm.title}: ${algorithm.notice}`.slice(0, 64),
    ...equipment(algorithm),
    ContributingEquipmentSequence: contributingEquipment(algorithm),
    FrameOfReferenceUID: labelMap.frameOfReferenceUid,
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
    Rows: labelMap.rows,
    Columns: labelMap.columns,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    NumberOfFrames: frames.length,
    SegmentationType: "BINARY",
    SegmentSequence: segments.map((segment) => segmentItem(segment, algorithm)),
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionOrganizationUid }],
    DimensionIndexSequence: dimensionIndexes(dimensionOrganizationUid),
    SharedFunctionalGroupsSequence: [sharedGroups(labelMap)],
    PerFrameFunctionalGroupsSequence: perFrameGroups(frames),
    ReferencedSeriesSequence: [referencedSeries(input.sourceSeriesInstanceUid, labelMap.planes)],
    PixelData: packFrames(frames, labelMap.rows * labelMap.columns),
  });
  return { seriesInstanceUid: input.seriesInstanceUid, sopInstanceUid: input.sopInstanceUid, bytes };
}

/** PS3.3 C.8.20.2 and table 10-16. */
function segmentItem(segment: Segment, algorithm: Algorithm): DicomObject {
  const rgb = segment.colorRgb.map((component) => component / 255);
  return {
    SegmentNumber: segment.number,
    SegmentLabel: segment.label,
    SegmentDescription: segment.description,
    SegmentAlgorithmType: "AUTOMATIC",
    SegmentAlgorithmName: `${algorithm.name} ${algorithm.version}`,
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [codeItem(DCM.artificialIntelligence)],
        AlgorithmName: algorithm.name,
        AlgorithmVersion: algorithm.version,
        AlgorithmSource: algorithm.source,
      },
    ],
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

/** Frames are indexed by segment, then by position along the stack (PS3.3 C.7.6.17). */
function dimensionIndexes(organizationUid: Uid): DicomObject[] {
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

function sharedGroups(labelMap: LabelMap): DicomObject {
  return {
    PlaneOrientationSequence: [
      { ImageOrientationPatient: [...labelMap.rowDirection, ...labelMap.columnDirection] },
    ],
    PixelMeasuresSequence: [
      {
        PixelSpacing: [labelMap.rowSpacingMm, labelMap.columnSpacingMm],
        SliceThickness: labelMap.sliceThicknessMm ?? labelMap.sliceSpacingMm,
        SpacingBetweenSlices: labelMap.sliceSpacingMm,
      },
    ],
  };
}

function perFrameGroups(frames: readonly SegmentFrame[]): DicomObject[] {
  const positions = [...new Set(frames.map(({ planeIndex }) => planeIndex))].sort((a, b) => a - b);
  return frames.map(({ segmentNumber, plane, planeIndex }) => ({
    FrameContentSequence: [{ DimensionIndexValues: [segmentNumber, positions.indexOf(planeIndex) + 1] }],
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

/** Lossy stays lossy (PS3.3 C.7.6.1.1.5): a segmentation of such images says so too. */
function lossyCompression(image: DataSet): DicomObject {
  if (image.string(TAG.LossyImageCompression) !== "01") return { LossyImageCompression: "00" };
  return {
    LossyImageCompression: "01",
    LossyImageCompressionRatio: image.text(TAG.LossyImageCompressionRatio),
    LossyImageCompressionMethod: image.text(TAG.LossyImageCompressionMethod),
  };
}
