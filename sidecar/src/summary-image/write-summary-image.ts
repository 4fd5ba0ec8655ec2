import type { DataSet } from "../dicom/data-set.js";
import { TAG } from "../dicom/tag.js";
import type { Uid } from "../dicom/uid.js";
import { writePart10File } from "../segmentation/part10-file.js";
import {
  MANUFACTURER,
  contributingEquipment,
  equipment,
  instanceReference,
  localDateTime,
  patientAndStudy,
  type Algorithm,
  type InstanceReference,
  type WrittenInstance,
} from "../segmentation/result-context.js";
import { DCM, codeItem } from "../segmentation/coded-concept.js";
import type { DrawnSummary } from "./draw-summary.js";

const SECONDARY_CAPTURE_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.7";
/** High, so that results sort behind the images. */
const SERIES_NUMBER = 9003;

export interface SummaryImageInput {
  readonly seriesInstanceUid: Uid;
  readonly sopInstanceUid: Uid;
  /** One of the images: who the patient is, which study it belongs to. */
  readonly image: DataSet;
  /** The image, or the frame, that is shown. */
  readonly source: InstanceReference;
  readonly algorithm: Algorithm;
  readonly drawn: DrawnSummary;
  readonly createdAt: Date;
}

/**
 * Writes a drawn summary as a Secondary Capture (PS3.3 A.8.1), RGB: for display alone, not to be measured in or
 * analysed. The same input gives the same bytes.
 */
export function writeSummaryImage(input: SummaryImageInput): WrittenInstance {
  const { image, algorithm, drawn, seriesInstanceUid, sopInstanceUid } = input;
  const created = localDateTime(input.createdAt, image);
  const bodyPart = image.text(TAG.BodyPartExamined);
  const bytes = writePart10File({
    ...patientAndStudy(image),
    SOPClassUID: SECONDARY_CAPTURE_IMAGE_STORAGE,
    SOPInstanceUID: sopInstanceUid,
    InstanceCreationDate: created.date,
    InstanceCreationTime: created.time,
    Modality: "OT",
    SeriesInstanceUID: seriesInstanceUid,
    SeriesNumber: SERIES_NUMBER,
    SeriesDate: created.date,
    SeriesTime: created.time,
    BodyPartExamined: bodyPart,
    // Type 2C: absent for a part that is not one of a pair, empty where that is not known.
    Laterality: image.text(TAG.Laterality) ?? (bodyPart === undefined ? null : undefined),
    SeriesDescription: `${algorithm.title}: ${algorithm.notice}`.slice(0, 64),
    ...equipment(algorithm),
    ContributingEquipmentSequence: contributingEquipment(algorithm),
    ConversionType: "WSD",
    SecondaryCaptureDeviceManufacturer: MANUFACTURER,
    InstanceNumber: 1,
    ContentDate: created.date,
    ContentTime: created.time,
    PatientOrientation: null,
    ImageType: ["DERIVED", "SECONDARY"],
    ImageComments: `AI, not reviewed. ${algorithm.notice}`,
    DerivationDescription: "Summary of an AI result, drawn over one slice",
    SourceImageSequence: [
      {
        ...instanceReference(input.source),
        PurposeOfReferenceCodeSequence: [codeItem(DCM.sourceImageForProcessing)],
      },
    ],
    BurnedInAnnotation: "YES",
    LossyImageCompression: "00",
    SamplesPerPixel: 3,
    PhotometricInterpretation: "RGB",
    PlanarConfiguration: 0,
    Rows: drawn.rows,
    Columns: drawn.columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: drawn.pixels,
  });
  return { seriesInstanceUid, sopInstanceUid, bytes };
}
