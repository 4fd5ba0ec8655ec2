import type { DataSet } from "../dicom/data-set.js";
import { TAG } from "../dicom/tag.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import { DCM, PRIVATE_SCHEME, codeItem, type CodedConcept } from "../segmentation/coded-concept.js";
import { writePart10File, type DicomObject } from "../segmentation/part10-file.js";
import {
  contributingEquipment,
  deviceUid,
  MANUFACTURER,
  equipment,
  localDateTime,
  patientAndStudy,
  referencedSeries,
  type Algorithm,
  type InstanceReference,
  type WrittenInstance,
} from "../segmentation/result-context.js";
import { SEGMENTATION_STORAGE } from "../segmentation/segment.js";
import { container, template } from "./content-item.js";
import { imageLibrary } from "./image-library.js";
import type { MeasuredSegment } from "./measured-segment.js";
import { measurementGroup } from "./measurement-group.js";
import type { RiskScore } from "./risk-score.js";
import { scoreGroup } from "./score-group.js";
import {
  deviceObserver,
  language,
  personObserver,
  procedureReported,
  type PersonObserver,
} from "./observation-context.js";

const COMPREHENSIVE_3D_SR_STORAGE = "1.2.840.10008.5.1.4.1.1.88.34";
/** High, so that results sort behind the images. */
const SERIES_NUMBER = 9002;

export interface ReportInput {
  readonly seriesInstanceUid: Uid;
  readonly sopInstanceUid: Uid;
  readonly sourceSeriesInstanceUid: string;
  /** One of the images: who the patient is, which study it belongs to. */
  readonly image: DataSet;
  readonly images: readonly InstanceReference[];
  readonly algorithm: Algorithm;
  readonly procedure: CodedConcept;
  /** The region that the images show (CID 4031). */
  readonly targetRegion: CodedConcept;
  /** Every segment of the model, found or not; none of a model that does not segment. */
  readonly segments: readonly MeasuredSegment[];
  readonly scores: readonly RiskScore[];
  /** The SEG of the same analysis; absent when the algorithm found nothing. */
  readonly segmentation: WrittenInstance | undefined;
  /** The FRACTIONAL SEG of where the model looked, for models that say so. */
  readonly attention: WrittenInstance | undefined;
  /** Who corrected what the algorithm found, and so observed it too. */
  readonly corrector?: PersonObserver | undefined;
  readonly createdAt: Date;
}

/**
 * Writes the measurements of an analysis as a Comprehensive 3D SR (PS3.3 A.35.13) after TID 1500: who measured what on
 * which images, the measurements of each segment and the scores with the algorithm that made them, unverified. The same
 * input gives the same bytes.
 * @throws TypeError when there is neither a segment nor a score: TID 1500 is a report of something; RangeError for a
 *   score outside its range
 */
export function writeReport(input: ReportInput): WrittenInstance {
  const { image, algorithm } = input;
  const created = localDateTime(input.createdAt, image);
  const content = root(input);
  const bytes = writePart10File({
    ...patientAndStudy(image),
    SOPClassUID: COMPREHENSIVE_3D_SR_STORAGE,
    SOPInstanceUID: input.sopInstanceUid,
    InstanceCreationDate: created.date,
    InstanceCreationTime: created.time,
    Modality: "SR",
    SeriesInstanceUID: input.seriesInstanceUid,
    SeriesNumber: SERIES_NUMBER,
    SeriesDate: created.date,
    SeriesTime: created.time,
    SeriesDescription: `${algorithm.title}: ${algorithm.notice}`.slice(0, 64),
    ReferencedPerformedProcedureStepSequence: [],
    ...equipment(algorithm),
    // IHE AI Results finds the device that changes with the model here.
    ContributingEquipmentSequence: contributingEquipment(algorithm).map((item) => ({
      ...item,
      DeviceUID: deviceUid(algorithm),
    })),
    InstanceNumber: 1,
    ContentDate: created.date,
    ContentTime: created.time,
    CompletionFlag: "COMPLETE",
    VerificationFlag: "UNVERIFIED",
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: evidence(input),
    CodingSchemeIdentificationSequence: privateScheme(content),
    ...content,
  });
  return { seriesInstanceUid: input.seriesInstanceUid, sopInstanceUid: input.sopInstanceUid, bytes };
}

/** Who answers for the codes that no standard has, where there are any (PS3.3 C.12.1.1.1). */
function privateScheme(content: DicomObject): DicomObject[] | undefined {
  if (!JSON.stringify(content).includes(PRIVATE_SCHEME)) return undefined;
  return [
    {
      CodingSchemeDesignator: PRIVATE_SCHEME,
      CodingSchemeName: "Concepts of NeuroNova's own",
      CodingSchemeResponsibleOrganization: MANUFACTURER,
    },
  ];
}

/** TID 1500, Measurement Report. */
function root({ image, images, algorithm, procedure, targetRegion, ...input }: ReportInput): DicomObject {
  const { segmentation, attention, sourceSeriesInstanceUid } = input;
  const modality = image.string(TAG.Modality);
  const groups = [
    ...input.scores.map((score) => {
      const trackingUid = derivedUid(input.sopInstanceUid, "tracking of score", score.name);
      return scoreGroup(score, { algorithm, trackingUid, attention });
    }),
    ...input.segments.map((segment) =>
      measurementGroup(segment, { algorithm, segmentation, sourceSeriesInstanceUid, modality }),
    ),
  ];
  if (groups.length === 0) throw new TypeError("a measurement report measures something");
  return {
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: [codeItem(DCM.imagingMeasurementReport)],
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: [template("1500")],
    ContentSequence: [
      language(),
      ...deviceObserver(algorithm),
      ...(input.corrector === undefined ? [] : personObserver(input.corrector)),
      procedureReported(procedure),
      imageLibrary(images, modality, targetRegion),
      container("CONTAINS", DCM.imagingMeasurements, groups),
    ],
  };
}

/** PS3.3 C.17.2.2: everything that the content refers to. */
function evidence({ image, images, sourceSeriesInstanceUid, ...made }: ReportInput): DicomObject[] {
  const series = [referencedSopSequence(sourceSeriesInstanceUid, images)];
  for (const result of [made.segmentation, made.attention]) {
    if (result === undefined) continue;
    const { seriesInstanceUid, sopInstanceUid } = result;
    series.push(
      referencedSopSequence(seriesInstanceUid, [{ sopClassUid: SEGMENTATION_STORAGE, sopInstanceUid }]),
    );
  }
  return [{ StudyInstanceUID: image.text(TAG.StudyInstanceUID) ?? null, ReferencedSeriesSequence: series }];
}

/** As in Common Instance Reference, under the name that SR documents have for it. */
function referencedSopSequence(
  seriesInstanceUid: string,
  instances: readonly InstanceReference[],
): DicomObject {
  const { ReferencedInstanceSequence, ...series } = referencedSeries(seriesInstanceUid, instances);
  return { ...series, ReferencedSOPSequence: ReferencedInstanceSequence };
}
