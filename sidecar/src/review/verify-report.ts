import dicomParser from "dicom-parser";
import type { DataSet } from "../dicom/data-set.js";
import { derivedUid, type Uid } from "../dicom/uid.js";
import type { DicomObject } from "../segmentation/part10-file.js";
import { localDateTime } from "../segmentation/result-context.js";
import type { Reviewer } from "../state/review-records.js";
import { replaceAttributes } from "./replace-attributes.js";

/** Who says that a report is right, and when. */
export interface Verification {
  readonly reviewer: Reviewer;
  readonly decidedAt: Date;
}

/** The SR that a person verifies: the same person, report and time give the same UID. */
export function verifiedReportUid(reportSopInstanceUid: string, { reviewer, decidedAt }: Verification): Uid {
  return derivedUid("verified sr", reportSopInstanceUid, reviewer.subject, decidedAt.toISOString());
}

/** A report as an SR refers to the one before it. */
export interface Predecessor {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/**
 * The report as the reviewer verifies it: another instance of the same series and content, VERIFIED by that person
 * (PS3.3 C.17.2, Verifying Observer Sequence), with the one they looked at as its predecessor.
 * @param file an SR of ours
 * @param image one of the images, for the time zone
 * @param predecessor the unverified report
 */
export function verifyReport(
  file: Uint8Array,
  sopInstanceUid: string,
  verification: Verification,
  image: DataSet,
  predecessor: Predecessor,
): Uint8Array<ArrayBuffer> {
  const { date, time } = localDateTime(verification.decidedAt, image);
  const sopClassUid = dicomParser.parseDicom(file).string("x00080016") ?? "";
  return replaceAttributes(file, {
    SOPClassUID: sopClassUid,
    SOPInstanceUID: sopInstanceUid,
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    InstanceNumber: 2,
    CompletionFlag: "COMPLETE",
    VerificationFlag: "VERIFIED",
    VerifyingObserverSequence: [verifyingObserver(verification, `${date}${time}`)],
    PredecessorDocumentsSequence: [
      {
        StudyInstanceUID: predecessor.studyInstanceUid,
        ReferencedSeriesSequence: [
          {
            SeriesInstanceUID: predecessor.seriesInstanceUid,
            ReferencedSOPSequence: [
              { ReferencedSOPClassUID: sopClassUid, ReferencedSOPInstanceUID: predecessor.sopInstanceUid },
            ],
          },
        ],
      },
    ],
  });
}

/** An item of Verifying Observer Sequence (PS3.3 table C.17-2). */
function verifyingObserver({ reviewer }: Verification, dateTime: string): DicomObject {
  return {
    VerifyingObserverName: personName(reviewer),
    VerifyingObserverIdentificationCodeSequence: [personCode(reviewer)],
    VerifyingOrganization: reviewer.organisation.replaceAll("\\", " ").slice(0, 64),
    VerificationDateTime: dateTime,
  };
}

/** The account here, as the audit trail has it. A code value has 16 characters at most (PS3.3 8.1). */
export function personCode({ subject, displayName, username }: Reviewer): DicomObject {
  const meaning = (displayName === "" ? username : displayName).replaceAll("\\", " ").slice(0, 64);
  return {
    ...(subject.length <= 16 ? { CodeValue: subject } : { LongCodeValue: subject }),
    CodingSchemeDesignator: "99NEURONOVA",
    CodeMeaning: meaning,
  };
}

/**
 * A name in one piece, since its parts are not known: the family name component (PS3.5 6.2). The delimiter says that it
 * is one, and not the form of a name that was retired.
 */
export function personName({ displayName, username }: Reviewer): string {
  const name = displayName === "" ? username : displayName;
  return `${name.replaceAll(/[\^=\\]/g, " ").slice(0, 63)}^`;
}
