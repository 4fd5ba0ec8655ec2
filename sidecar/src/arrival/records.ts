import { createHash } from "node:crypto";
import type { ArchivedInstance } from "../archive/archive.js";
import { TAG } from "../dicom/tag.js";
import { isReadableUid, type Uid } from "../dicom/uid.js";
import type { InstanceRecord, SeriesRecord, StudyRecord } from "../state/records.js";

/** An instance whose identity cannot be trusted: it stays in the archive, but nothing is derived from it. */
export class ArrivalError extends Error {
  override readonly name = "ArrivalError";
  readonly code = "identity-unreadable";
  readonly retryable = false;
}

export interface ArrivedRecords {
  readonly study: StudyRecord;
  readonly series: SeriesRecord;
  readonly instance: InstanceRecord;
}

const LONGEST_TEXT = 1_000;
const LONGEST_CODE = 64;

/**
 * What is remembered of an instance that arrived.
 * @throws ArrivalError when a UID is missing or malformed
 */
export function recordsOf({
  orthancId,
  seriesId,
  studyId,
  fileUuid,
  transferSyntaxUid,
  dataSet,
}: ArchivedInstance): ArrivedRecords {
  const text = (tag: (typeof TAG)[keyof typeof TAG], longest = LONGEST_TEXT) =>
    (dataSet.text(tag) ?? "").slice(0, longest);
  const uid = (name: "StudyInstanceUID" | "SeriesInstanceUID" | "SOPInstanceUID"): Uid => {
    const value = dataSet.text(TAG[name]) ?? "";
    if (!isReadableUid(value)) throw new ArrivalError(`${name} is missing or not a UID`);
    return value;
  };
  const whole = (tag: (typeof TAG)[keyof typeof TAG]) => {
    const value = dataSet.number(tag);
    return value !== undefined && Number.isInteger(value) && Math.abs(value) <= 0x7fff_ffff ? value : null;
  };
  const studyInstanceUid = uid("StudyInstanceUID");
  const patientId = text(TAG.PatientID);
  const issuerOfPatientId = text(TAG.IssuerOfPatientID);
  return {
    study: {
      orthancId: studyId,
      studyInstanceUid,
      patientKey: patientKey(issuerOfPatientId, patientId, studyInstanceUid),
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
      seriesInstanceUid: uid("SeriesInstanceUID"),
      modality: text(TAG.Modality, LONGEST_CODE),
      seriesNumber: whole(TAG.SeriesNumber),
      seriesDescription: text(TAG.SeriesDescription),
      bodyPartExamined: text(TAG.BodyPartExamined, 250),
    },
    instance: {
      orthancId,
      seriesId,
      sopInstanceUid: uid("SOPInstanceUID"),
      sopClassUid: text(TAG.SOPClassUID, LONGEST_CODE),
      fileUuid,
      transferSyntaxUid: transferSyntaxUid.slice(0, LONGEST_CODE),
      instanceNumber: whole(TAG.InstanceNumber),
      numberOfFrames: whole(TAG.NumberOfFrames) ?? 1,
    },
  };
}

/** Without a Patient ID nobody knows whether two studies are of one patient: each study is then a patient of its own. */
function patientKey(issuer: string, patientId: string, studyInstanceUid: string): string {
  const identity = patientId === "" ? ["study", studyInstanceUid] : ["patient", issuer, patientId];
  return createHash("sha256").update(identity.join("\u0000")).digest("hex");
}
