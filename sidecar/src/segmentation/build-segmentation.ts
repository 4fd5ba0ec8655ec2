import { code } from "../dicom/code.js";
import type { DataSet } from "../dicom/data-set.js";
import { dateAndTime, inheritedAttributes } from "../dicom/inherited-attributes.js";
import { codeSequence, writePart10, type NaturalDataSet } from "../dicom/part10.js";
import { TAG } from "../dicom/tag.js";
import { derivedUid } from "../dicom/uid.js";
import { cielabFromSrgb } from "./display-color.js";
import { packBits } from "./pack-bits.js";
import type { Algorithm, Segment } from "./segment.js";

const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";

/** A source slice with what was found in it. */
export interface LabelledSlice {
  /** Of the source instance: geometry and identity come from here, never from an order. */
  readonly dataSet: DataSet;
  /** Rows × Columns label values, row by row; 0 is nothing. */
  readonly labels: Uint8Array;
}

export interface SegmentationInput {
  /** At least one, all of one series, with the same orientation, spacing and matrix. */
  readonly slices: readonly LabelledSlice[];
  readonly segments: readonly Segment[];
  readonly algorithm: Algorithm;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
  /** At most 16 characters of A–Z, 0–9, space, underscore (CS). */
  readonly contentLabel: string;
  readonly contentDescription: string;
  /** Of the slices along their normal, from their positions; null for a single slice. */
  readonly spacingBetweenSlicesMm: number | null;
  readonly createdAt: Date;
}

/** A label map that cannot be written as a SEG. */
export class SegmentationError extends Error {
  override readonly name = "SegmentationError";
  readonly retryable = false;
  constructor(
    readonly code: "segmentation-empty" | "segmentation-geometry",
    message: string,
  ) {
    super(message);
  }
}

interface Frame {
  readonly slice: DataSet;
  readonly segment: Segment;
  readonly bits: Uint8Array;
  /** Position among the slices that have frames, from 1, along the stack. */
  readonly positionIndex: number;
}

/**
 * A DICOM Segmentation (PS3.3 A.51): BINARY, a frame for each segment in each slice where it occurs, each with its own
 * position and a reference to its source image.
 * @returns a Part 10 file; the same input gives the same bytes
 * @throws SegmentationError `segmentation-empty` when no label occurs, `segmentation-geometry` when attributes are missing
 */
export function buildSegmentation(input: SegmentationInput): Uint8Array {
  const frames = framesOf(input);
  const [first] = input.slices;
  if (first === undefined || frames.length === 0) {
    throw new SegmentationError("segmentation-empty", "A segmentation needs at least one labelled pixel.");
  }
  const source = first.dataSet;
  const { date, time } = dateAndTime(input.createdAt);
  return writePart10({
    ...inheritedAttributes(source),
    SOPClassUID: SEGMENTATION_STORAGE,
    SOPInstanceUID: input.sopInstanceUid,
    ImageType: ["DERIVED", "PRIMARY"],
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    TimezoneOffsetFromUTC: "+0000",
    ContentDate: date,
    ContentTime: time,
    SeriesDate: date,
    SeriesTime: time,
    Modality: "SEG",
    SeriesInstanceUID: input.seriesInstanceUid,
    SeriesNumber: input.seriesNumber,
    SeriesDescription: input.seriesDescription,
    InstanceNumber: 1,
    BodyPartExamined: source.text(TAG.BodyPartExamined),
    ...equipment(input.algorithm),
    FrameOfReferenceUID: required(source.text(TAG.FrameOfReferenceUID), "FrameOfReferenceUID"),
    PositionReferenceIndicator: source.text(TAG.PositionReferenceIndicator) ?? "",
    ContentLabel: input.contentLabel,
    ContentDescription: input.contentDescription,
    ContentCreatorName: "NeuroNova^AI",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: required(source.number(TAG.Rows), "Rows"),
    Columns: required(source.number(TAG.Columns), "Columns"),
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    LossyImageCompression: "00",
    SegmentationType: "BINARY",
    SegmentSequence: input.segments.map((segment) => segmentItem(segment, input.algorithm)),
    NumberOfFrames: frames.length,
    ...dimensions(input.sopInstanceUid),
    SharedFunctionalGroupsSequence: [sharedGroups(source, input.spacingBetweenSlicesMm)],
    PerFrameFunctionalGroupsSequence: frames.map(perFrameGroups),
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: required(source.text(TAG.SeriesInstanceUID), "SeriesInstanceUID"),
        ReferencedInstanceSequence: input.slices.map(({ dataSet }) => reference(dataSet)),
      },
    ],
    PixelData: packBits(frames.map(({ bits }) => bits)),
    _vrMap: { PixelData: "OB" },
  });
}

/** Enhanced General Equipment (PS3.3 C.7.5.2) */
export function equipment({ name, version, deviceUid }: Algorithm): NaturalDataSet {
  return {
    Manufacturer: "NeuroNova",
    ManufacturerModelName: name,
    DeviceSerialNumber: deviceUid.slice(-16),
    SoftwareVersions: version,
  };
}

function framesOf({ slices, segments }: SegmentationInput): Frame[] {
  let positions = 0;
  return slices.flatMap(({ dataSet, labels }) => {
    const present = segments.filter(({ number }) => labels.includes(number));
    if (present.length > 0) positions += 1;
    return present.map((segment) => ({
      slice: dataSet,
      segment,
      bits: labels.map((label) => (label === segment.number ? 1 : 0)),
      positionIndex: positions,
    }));
  });
}

function segmentItem(segment: Segment, algorithm: Algorithm): NaturalDataSet {
  return {
    SegmentNumber: segment.number,
    SegmentLabel: segment.label,
    SegmentDescription: segment.description,
    SegmentAlgorithmType: "AUTOMATIC",
    SegmentAlgorithmName: `${algorithm.name} ${algorithm.version}`,
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: codeSequence(algorithm.family),
        AlgorithmName: algorithm.name,
        AlgorithmVersion: algorithm.version,
      },
    ],
    AnatomicRegionSequence: codeSequence(segment.anatomicRegion),
    SegmentedPropertyCategoryCodeSequence: codeSequence(segment.category),
    SegmentedPropertyTypeCodeSequence: codeSequence(segment.type),
    RecommendedDisplayCIELabValue: cielabFromSrgb(segment.colorRgb),
    TrackingID: segment.trackingId,
    TrackingUID: segment.trackingUid,
  };
}

/** Frames are told apart by segment, then by position (PS3.3 C.7.6.17). */
function dimensions(sopInstanceUid: string): NaturalDataSet {
  const DimensionOrganizationUID = derivedUid("dimension-organization", sopInstanceUid);
  return {
    DimensionOrganizationSequence: [{ DimensionOrganizationUID }],
    DimensionIndexSequence: [
      {
        DimensionOrganizationUID,
        DimensionIndexPointer: "0062000B",
        FunctionalGroupPointer: "0062000A",
        DimensionDescriptionLabel: "Segment",
      },
      {
        DimensionOrganizationUID,
        DimensionIndexPointer: "00200032",
        FunctionalGroupPointer: "00209113",
        DimensionDescriptionLabel: "Position",
      },
    ],
  };
}

function sharedGroups(source: DataSet, spacingBetweenSlicesMm: number | null): NaturalDataSet {
  const thickness = source.number(TAG.SliceThickness) ?? spacingBetweenSlicesMm ?? undefined;
  return {
    PlaneOrientationSequence: [
      {
        ImageOrientationPatient: required(
          source.numbers(TAG.ImageOrientationPatient),
          "ImageOrientationPatient",
        ),
      },
    ],
    PixelMeasuresSequence: [
      {
        PixelSpacing: required(source.numbers(TAG.PixelSpacing), "PixelSpacing"),
        SliceThickness: required(thickness, "SliceThickness"),
        ...(spacingBetweenSlicesMm === null ? {} : { SpacingBetweenSlices: spacingBetweenSlicesMm }),
      },
    ],
  };
}

function perFrameGroups({ slice, segment, positionIndex }: Frame): NaturalDataSet {
  return {
    FrameContentSequence: [{ DimensionIndexValues: [segment.number, positionIndex] }],
    PlanePositionSequence: [
      { ImagePositionPatient: required(slice.numbers(TAG.ImagePositionPatient), "ImagePositionPatient") },
    ],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment.number }],
    DerivationImageSequence: [
      {
        DerivationCodeSequence: codeSequence(code("113076", "DCM", "Segmentation")),
        SourceImageSequence: [
          {
            ...reference(slice),
            PurposeOfReferenceCodeSequence: codeSequence(
              code("121322", "DCM", "Source image for image processing operation"),
            ),
            SpatialLocationsPreserved: "YES",
          },
        ],
      },
    ],
  };
}

function reference(dataSet: DataSet): NaturalDataSet {
  return {
    ReferencedSOPClassUID: required(dataSet.text(TAG.SOPClassUID), "SOPClassUID"),
    ReferencedSOPInstanceUID: required(dataSet.text(TAG.SOPInstanceUID), "SOPInstanceUID"),
  };
}

function required<T>(value: T | undefined, keyword: string): T {
  if (value === undefined)
    throw new SegmentationError("segmentation-geometry", `The source has no usable ${keyword}.`);
  return value;
}
