import type { DataSet } from "../dicom/data-set.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import { codeItem, type CodedConcept } from "../segmentation/coded-concept.js";
import { writePart10File, type DicomObject } from "../segmentation/part10-file.js";
import {
  MANUFACTURER,
  instanceReference,
  localDateTime,
  patientAndStudy,
  type InstanceReference,
  type WrittenInstance,
} from "../segmentation/result-context.js";
import { code, image as imageItem, template, text } from "../structured-report/content-item.js";
import { personObserver } from "../structured-report/observation-context.js";
import type { ReviewReason, Reviewer } from "../state/review-records.js";
import { REASON_CONCEPTS } from "./reasons.js";
import { personName } from "./verify-report.js";

const KEY_OBJECT_SELECTION_STORAGE = "1.2.840.10008.5.1.4.1.1.88.59";
/** High, so that it sorts behind the images. */
const SERIES_NUMBER = 9009;

const dcm = (value: string, meaning: string): CodedConcept => ({ value, scheme: "DCM", meaning });
const REJECTED = dcm("113001", "Rejected for Quality Reasons");
const TITLE_MODIFIER = dcm("113011", "Document Title Modifier");
const DESCRIPTION = dcm("113012", "Key Object Description");

export interface RejectedObject extends InstanceReference {
  readonly seriesInstanceUid: string;
  /** How a key object document refers to it (PS3.3 A.35.4.3.1): what has pixels as an image. */
  readonly valueType: "IMAGE" | "COMPOSITE";
}

export interface Rejection {
  readonly reviewer: Reviewer;
  readonly decidedAt: Date;
  readonly reason: ReviewReason | null;
  readonly comment: string | null;
}

/** The UIDs of the document that rejects a report: the same rejection gives the same. */
export function rejectionUids(reportSopInstanceUid: string): { series: Uid; instance: Uid } {
  return {
    series: derivedUid("rejection series", reportSopInstanceUid),
    instance: derivedUid("rejection", reportSopInstanceUid),
  };
}

/**
 * Writes a Key Object Selection Document (PS3.3 A.35.4, PS3.16 TID 2010) that says of the objects that they are
 * "Rejected for Quality Reasons", by whom and why. The same input gives the same bytes.
 * @param image one of the images: who the patient is, which study it belongs to
 * @param objects at least one
 */
export function writeRejection(
  reportSopInstanceUid: string,
  objects: readonly RejectedObject[],
  rejection: Rejection,
  image: DataSet,
): WrittenInstance {
  const { date, time } = localDateTime(rejection.decidedAt, image);
  const uids = rejectionUids(reportSopInstanceUid);
  const identity = patientAndStudy(image);
  const bytes = writePart10File({
    ...identity,
    SOPClassUID: KEY_OBJECT_SELECTION_STORAGE,
    SOPInstanceUID: uids.instance,
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    Modality: "KO",
    SeriesInstanceUID: uids.series,
    SeriesNumber: SERIES_NUMBER,
    SeriesDate: date,
    SeriesTime: time,
    SeriesDescription: "AI result: rejected",
    ReferencedPerformedProcedureStepSequence: [],
    Manufacturer: MANUFACTURER,
    InstanceNumber: 1,
    ContentDate: date,
    ContentTime: time,
    ReferencedRequestSequence: undefined,
    CurrentRequestedProcedureEvidenceSequence: [
      { StudyInstanceUID: identity["StudyInstanceUID"], ReferencedSeriesSequence: evidence(objects) },
    ],
    ...content(objects, rejection),
  });
  return { seriesInstanceUid: uids.series, sopInstanceUid: uids.instance, bytes };
}

/** PS3.16 TID 2010, Key Object Selection. */
function content(objects: readonly RejectedObject[], { reviewer, reason, comment }: Rejection): DicomObject {
  return {
    ValueType: "CONTAINER",
    ConceptNameCodeSequence: [codeItem(REJECTED)],
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: [template("2010")],
    ContentSequence: [
      ...(reason === null ? [] : [code("HAS CONCEPT MOD", TITLE_MODIFIER, REASON_CONCEPTS[reason])]),
      ...personObserver({ personName: personName(reviewer), organisation: reviewer.organisation }),
      ...(comment === null ? [] : [text("CONTAINS", DESCRIPTION, comment)]),
      ...objects.map((object) => ({
        ...imageItem("CONTAINS", undefined, object),
        ValueType: object.valueType,
      })),
    ],
  };
}

function evidence(objects: readonly RejectedObject[]): DicomObject[] {
  const series = [...new Set(objects.map(({ seriesInstanceUid }) => seriesInstanceUid))];
  return series.map((seriesInstanceUid) => ({
    SeriesInstanceUID: seriesInstanceUid,
    ReferencedSOPSequence: objects
      .filter((object) => object.seriesInstanceUid === seriesInstanceUid)
      .map(instanceReference),
  }));
}
