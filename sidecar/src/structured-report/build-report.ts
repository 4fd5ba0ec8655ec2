import { code, type Code } from "../dicom/code.js";
import type { DataSet } from "../dicom/data-set.js";
import { dateAndTime, inheritedAttributes } from "../dicom/inherited-attributes.js";
import { codeSequence, writePart10, type NaturalDataSet } from "../dicom/part10.js";
import { TAG } from "../dicom/tag.js";
import { equipment } from "../segmentation/build-segmentation.js";
import type { Algorithm, Segment } from "../segmentation/segment.js";
import { codeItem, container, imageItem, numberItem, textItem, uidItem, type Item } from "./content.js";

const COMPREHENSIVE_3D_SR = "1.2.840.10008.5.1.4.1.1.88.34";
const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";

/** No standard concept says this: the mean of the model's output inside a segment is not a probability of disease. */
const MEAN_PROBABILITY = code("mean-probability", "99NEURONOVA", "Mean model probability inside the segment");

/** What was measured of one segment. */
export interface SegmentMeasurement {
  readonly segment: Segment;
  readonly volumeMl: number;
  /** Mean probability inside the segment, 0 to 1; null when the model gives none. */
  readonly confidence: number | null;
}

export interface ReportInput {
  /** The source images, all of one series. */
  readonly sources: readonly DataSet[];
  /** Segments with voxels; none when the algorithm found nothing. */
  readonly measurements: readonly SegmentMeasurement[];
  /** The SEG the measurements are of; null when there is none because nothing was found. */
  readonly segmentation: { readonly sopInstanceUid: string; readonly seriesInstanceUid: string } | null;
  readonly algorithm: Algorithm;
  /** CID 100, e.g. MR of the brain. */
  readonly procedure: Code;
  /** Said to the reader: demonstration, not for clinical use. */
  readonly notice: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
  readonly createdAt: Date;
}

/**
 * A Comprehensive 3D SR of TID 1500 "Measurement Report": image library, one TID 1411 group for each segment with its
 * volume in millilitres and the algorithm under it, UNVERIFIED until a clinician reviews (IHE AI Results).
 * @returns a Part 10 file; the same input gives the same bytes
 */
export function buildReport(input: ReportInput): Uint8Array {
  const [source] = input.sources;
  if (source === undefined) throw new RangeError("a report needs at least one source image");
  const { date, time } = dateAndTime(input.createdAt);
  return writePart10({
    ...inheritedAttributes(source),
    SOPClassUID: COMPREHENSIVE_3D_SR,
    SOPInstanceUID: input.sopInstanceUid,
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    TimezoneOffsetFromUTC: "+0000",
    ContentDate: date,
    ContentTime: time,
    SeriesDate: date,
    SeriesTime: time,
    Modality: "SR",
    SeriesInstanceUID: input.seriesInstanceUid,
    SeriesNumber: input.seriesNumber,
    SeriesDescription: input.seriesDescription,
    InstanceNumber: 1,
    ReferencedPerformedProcedureStepSequence: [],
    ...equipment(input.algorithm),
    ContributingEquipmentSequence: [contributingEquipment(input.algorithm)],
    CompletionFlag: "COMPLETE",
    VerificationFlag: "UNVERIFIED",
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: [evidence(source, input)],
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: codeSequence(code("126000", "DCM", "Imaging Measurement Report")),
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: [{ MappingResource: "DCMR", TemplateIdentifier: "1500" }],
    ContentSequence: contentOf(input),
  });
}

function contributingEquipment({ name, version, deviceUid }: Algorithm): NaturalDataSet {
  return {
    PurposeOfReferenceCodeSequence: codeSequence(code("Algorithm", "99NEURONOVA", "Algorithm")),
    Manufacturer: "NeuroNova",
    ManufacturerModelName: name,
    SoftwareVersions: version,
    DeviceUID: deviceUid,
  };
}

/** Every instance the content refers to (PS3.3 C.17.2.3). */
function evidence(source: DataSet, { sources, segmentation }: ReportInput): NaturalDataSet {
  return {
    StudyInstanceUID: source.text(TAG.StudyInstanceUID),
    ReferencedSeriesSequence: [
      {
        SeriesInstanceUID: source.text(TAG.SeriesInstanceUID),
        ReferencedSOPSequence: sources.map((image) => ({
          ReferencedSOPClassUID: image.text(TAG.SOPClassUID),
          ReferencedSOPInstanceUID: image.text(TAG.SOPInstanceUID),
        })),
      },
      ...(segmentation === null
        ? []
        : [
            {
              SeriesInstanceUID: segmentation.seriesInstanceUid,
              ReferencedSOPSequence: [
                {
                  ReferencedSOPClassUID: SEGMENTATION_STORAGE,
                  ReferencedSOPInstanceUID: segmentation.sopInstanceUid,
                },
              ],
            },
          ]),
    ],
  };
}

function contentOf(input: ReportInput): Item[] {
  const { algorithm, measurements, notice } = input;
  return [
    codeItem(
      "HAS CONCEPT MOD",
      code("121049", "DCM", "Language of Content Item and Descendants"),
      code("en-US", "RFC5646", "English (United States)"),
    ),
    // TID 1001, 1004: the observer is a device
    codeItem("HAS OBS CONTEXT", code("121005", "DCM", "Observer Type"), code("121007", "DCM", "Device")),
    uidItem("HAS OBS CONTEXT", code("121012", "DCM", "Device Observer UID"), algorithm.deviceUid),
    textItem("HAS OBS CONTEXT", code("121013", "DCM", "Device Observer Name"), algorithm.name),
    textItem("HAS OBS CONTEXT", code("121014", "DCM", "Device Observer Manufacturer"), "NeuroNova"),
    textItem(
      "HAS OBS CONTEXT",
      code("121015", "DCM", "Device Observer Model Name"),
      `${algorithm.name} ${algorithm.version}`,
    ),
    codeItem("HAS CONCEPT MOD", code("121058", "DCM", "Procedure reported"), input.procedure),
    imageLibrary(input),
    container(
      "CONTAINS",
      code("126010", "DCM", "Imaging Measurements"),
      measurements.length === 0
        ? []
        : measurements.map((measurement) => measurementGroup(measurement, input)),
    ),
    // Qualitative evaluations of TID 1500: what a reader must not miss, in words
    container("CONTAINS", code("C0034375", "UMLS", "Qualitative Evaluations"), [
      textItem("CONTAINS", code("121106", "DCM", "Comment"), notice),
      ...(measurements.length === 0
        ? [
            textItem(
              "CONTAINS",
              code("121071", "DCM", "Finding"),
              "No finding by the algorithm; total volume 0 ml.",
            ),
          ]
        : []),
    ]),
  ];
}

/** TID 1600 with one group (TID 1601) */
function imageLibrary({ sources }: ReportInput): Item {
  const modality =
    sources[0]?.text(TAG.Modality) === "MR"
      ? code("MR", "DCM", "Magnetic Resonance")
      : code("CT", "DCM", "Computed Tomography");
  return container("CONTAINS", code("111028", "DCM", "Image Library"), [
    container("CONTAINS", code("126200", "DCM", "Image Library Group"), [
      codeItem("HAS ACQ CONTEXT", code("121139", "DCM", "Modality"), modality),
      ...sources.map((image) =>
        imageItem("CONTAINS", undefined, {
          sopClassUid: image.text(TAG.SOPClassUID) ?? "",
          sopInstanceUid: image.text(TAG.SOPInstanceUID) ?? "",
        }),
      ),
    ]),
  ]);
}

/** TID 1411 "Volumetric ROI Measurements and Qualitative Evaluations" */
function measurementGroup(
  { segment, volumeMl, confidence }: SegmentMeasurement,
  { segmentation, sources, algorithm }: ReportInput,
): Item {
  const algorithmItems = [
    textItem("HAS CONCEPT MOD", code("111001", "DCM", "Algorithm Name"), algorithm.name),
    textItem("HAS CONCEPT MOD", code("111003", "DCM", "Algorithm Version"), algorithm.version),
  ];
  return container(
    "CONTAINS",
    code("125007", "DCM", "Measurement Group"),
    [
      textItem("HAS OBS CONTEXT", code("112039", "DCM", "Tracking Identifier"), segment.trackingId),
      uidItem("HAS OBS CONTEXT", code("112040", "DCM", "Tracking Unique Identifier"), segment.trackingUid),
      codeItem("CONTAINS", code("121071", "DCM", "Finding"), segment.type),
      ...(segmentation === null
        ? []
        : [
            imageItem("CONTAINS", code("121191", "DCM", "Referenced Segment"), {
              sopClassUid: SEGMENTATION_STORAGE,
              sopInstanceUid: segmentation.sopInstanceUid,
              segmentNumber: segment.number,
            }),
          ]),
      uidItem(
        "CONTAINS",
        code("121232", "DCM", "Source series for segmentation"),
        sources[0]?.text(TAG.SeriesInstanceUID) ?? "",
      ),
      codeItem("HAS CONCEPT MOD", code("363698007", "SCT", "Finding Site"), segment.anatomicRegion),
      numberItem(
        "CONTAINS",
        code("118565006", "SCT", "Volume"),
        volumeMl,
        code("ml", "UCUM", "ml"),
        algorithmItems,
      ),
      ...(confidence === null
        ? []
        : [
            numberItem(
              "CONTAINS",
              MEAN_PROBABILITY,
              confidence,
              code("1", "UCUM", "no units"),
              algorithmItems,
            ),
          ]),
    ],
    "1411",
  );
}
