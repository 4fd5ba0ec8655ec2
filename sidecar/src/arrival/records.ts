import type { ArchivedInstance, IndexedInstance } from "../archive/archive.js";
import { patientKeyOfStudy } from "../dicom/patient-key.js";
import { TAG } from "../dicom/tag.js";
import { isReadableUid, type Uid } from "../dicom/uid.js";
import type { ArrivedInstance, SeriesRecord, StudyRecord } from "../state/records.js";

/** An instance whose identity cannot be trusted: it stays in the archive, but nothing is derived from it. */
export class ArrivalError extends Error {
  override readonly name = "ArrivalError";
  readonly code = "identity-unreadable";
  readonly retryable = false;
}

const LONGEST_TEXT = 1_000;
const LONGEST_CODE = 64;

/**
 * What is remembered of the study and series of an instance, the first to arrive of that series.
 * @throws ArrivalError when a UID is missing or malformed
 */
export function parentsOf({ seriesId, studyId, dataSet }: ArchivedInstance): {
  readonly study: StudyRecord;
  readonly series: SeriesRecord;
} {
  const text = (tag: (typeof TAG)[keyof typeof TAG], longest = LONGEST_TEXT) =>
    (dataSet.text(tag) ?? "").slice(0, longest);
  const studyInstanceUid = readableUid("Study Instance UID", text(TAG.StudyInstanceUID));
  const patientId = text(TAG.PatientID);
  const issuerOfPatientId = text(TAG.IssuerOfPatientID);
  return {
    study: {
      orthancId: studyId,
      studyInstanceUid,
      patientKey: patientKeyOfStudy({ issuerOfPatientId, patientId }, studyInstanceUid),
      patientId,
      issuerOfPatientId,
      patientName: text(TAG.PatientName),
      patientBirthDate: text(TAG.PatientBirthDate, LONGEST_CODE),
      patientSex: text(TAG.PatientSex, LONGEST_CODE),
      studyDate: text(TAG.StudyDate, LONGEST_CODE),
      studyTime: text(TAG.StudyTime, LONGEST_CODE),
      studyDescription: text(TAG.StudyDescription),
      accessionNumber: text(TAG.AccessionNumber, 250),
    },
    series: {
      orthancId: seriesId,
      studyId,
      seriesInstanceUid: readableUid("Series Instance UID", text(TAG.SeriesInstanceUID)),
      modality: text(TAG.Modality, LONGEST_CODE),
      seriesNumber: whole(text(TAG.SeriesNumber)),
      seriesDescription: text(TAG.SeriesDescription),
      bodyPartExamined: text(TAG.BodyPartExamined, 250),
    },
  };
}

/**
 * What is remembered of the instance itself.
 * @param liveSince what the archive received before waits for what arrives now
 * @throws ArrivalError when its UID is missing or malformed
 */
export function instanceOf(indexed: IndexedInstance, liveSince: Date): ArrivedInstance {
  return {
    orthancId: indexed.orthancId,
    seriesId: indexed.seriesId,
    sopInstanceUid: readableUid("SOP Instance UID", indexed.sopInstanceUid),
    sopClassUid: indexed.sopClassUid.slice(0, LONGEST_CODE),
    fileUuid: indexed.fileUuid,
    transferSyntaxUid: indexed.transferSyntaxUid.slice(0, LONGEST_CODE),
    instanceNumber: whole(indexed.instanceNumber),
    numberOfFrames: whole(indexed.numberOfFrames) ?? 1,
    receivedAt: indexed.receivedAt,
    urgency: indexed.receivedAt !== null && indexed.receivedAt < liveSince ? "background" : "live",
  };
}

function readableUid(name: string, value: string): Uid {
  if (!isReadableUid(value)) throw new ArrivalError(`${name} is missing or not a UID`);
  return value;
}

/** An IS value (PS3.5 6.2) that fits its column; null for anything else. */
function whole(text: string): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isInteger(value) && Math.abs(value) <= 0x7fff_ffff ? value : null;
}
