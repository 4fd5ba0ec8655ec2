import type { DataSet } from "../dicom/data-set.js";
import { TAG, type Tag } from "../dicom/tag.js";
import { DCM, type CodedConcept } from "../segmentation/coded-concept.js";

export interface Measurement {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

export interface MeasuredFinding {
  /** Tracking Identifier. */
  readonly title: string;
  readonly finding: string;
  readonly site: string;
  readonly measurements: readonly Measurement[];
  readonly comment: string;
}

/** What an SR of ours says, as a person reads it. Empty text: the SR has no such value. */
export interface ReportContent {
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly patientName: string;
  readonly patientId: string;
  readonly issuerOfPatientId: string;
  readonly patientBirthDate: string;
  readonly patientSex: string;
  readonly studyDate: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly procedure: string;
  /** Title of the model with its notice. */
  readonly observer: string;
  /** Name and version of the model. */
  readonly model: string;
  readonly isVerified: boolean;
  readonly findings: readonly MeasuredFinding[];
}

/** The SR lacks what a report cannot be without. */
export class ReportUnreadable extends Error {
  override readonly name = "ReportUnreadable";
  readonly code = "report-unreadable";
  readonly retryable = false;
  readonly concerns = "message";
}

/**
 * Reads a report written by structured-report/ (TID 1500) back: names, values and units as they stand there.
 * @throws ReportUnreadable when it names no patient, no model, or measures nothing
 */
export function reportContent(report: DataSet): ReportContent {
  const text = (tag: Tag) => report.text(tag) ?? "";
  const root = report.items(TAG.ContentSequence);
  const content: ReportContent = {
    sopInstanceUid: text(TAG.SOPInstanceUID),
    studyInstanceUid: text(TAG.StudyInstanceUID),
    patientName: text(TAG.PatientName),
    patientId: text(TAG.PatientID),
    issuerOfPatientId: text(TAG.IssuerOfPatientID),
    patientBirthDate: text(TAG.PatientBirthDate),
    patientSex: text(TAG.PatientSex),
    studyDate: text(TAG.StudyDate),
    studyDescription: text(TAG.StudyDescription),
    accessionNumber: text(TAG.AccessionNumber),
    procedure: valueOf(root, DCM.procedureReported),
    observer: valueOf(root, DCM.deviceObserverName),
    model: valueOf(root, DCM.deviceObserverModelName),
    isVerified: text(TAG.VerificationFlag) === "VERIFIED",
    findings: children(root, DCM.imagingMeasurements).flatMap((group) => findingOf(group)),
  };
  if (content.sopInstanceUid === "" || content.patientId === "" || content.model === "")
    throw new ReportUnreadable("the report names no patient or no model");
  if (content.findings.length === 0) throw new ReportUnreadable("the report measures nothing");
  return content;
}

function findingOf(group: DataSet): MeasuredFinding[] {
  if (!isNamed(group, DCM.measurementGroup)) return [];
  const items = group.items(TAG.ContentSequence);
  const coded = items.find(
    (item) =>
      item.items(TAG.ConceptCodeSequence).length > 0 && isAbsence(item.items(TAG.ConceptCodeSequence)),
  );
  return [
    {
      title: valueOf(items, DCM.trackingIdentifier),
      // Of what was not found, the concept itself is the name and "Absent" the value (TID 1501).
      finding:
        coded === undefined
          ? valueOf(items, DCM.finding) || bandOf(items)
          : `${nameOf(coded)}: ${codeMeaning(coded)}`,
      site: valueOf(items, FINDING_SITE),
      measurements: items.flatMap(measurementOf),
      comment: valueOf(items, DCM.comment),
    },
  ];
}

/** Where a score lies: the coded value under the score's own concept (structured-report/score-group.ts). */
function bandOf(items: readonly DataSet[]): string {
  const scores = items.filter((item) => item.items(TAG.MeasuredValueSequence).length > 0).map(nameOf);
  const band = items.find(
    (item) => item.items(TAG.ConceptCodeSequence).length > 0 && scores.includes(nameOf(item)),
  );
  return band === undefined ? "" : codeMeaning(band);
}

const FINDING_SITE: CodedConcept = { value: "363698007", scheme: "SCT", meaning: "Finding Site" };
const ABSENT = "2667000";

function isAbsence([code]: readonly DataSet[]): boolean {
  return code?.string(TAG.CodeValue) === ABSENT;
}

function measurementOf(item: DataSet): Measurement[] {
  const [measured] = item.items(TAG.MeasuredValueSequence);
  const value = measured?.string(TAG.NumericValue);
  if (measured === undefined || value === undefined) return [];
  const [unit] = measured.items(TAG.MeasurementUnitsCodeSequence);
  // What kind of value it is, a mean or a maximum, is a modifier of the concept (TID 300).
  const derivation = valueOf(item.items(TAG.ContentSequence), DCM.derivation);
  const name = derivation === "" ? nameOf(item) : `${nameOf(item)} (${derivation.toLowerCase()})`;
  return [{ name, value, unit: unit?.text(TAG.CodeMeaning) ?? "" }];
}

function children(items: readonly DataSet[], name: CodedConcept): DataSet[] {
  return items.filter((item) => isNamed(item, name)).flatMap((item) => item.items(TAG.ContentSequence));
}

/** The text or the meaning of the code of the first item of that name. */
function valueOf(items: readonly DataSet[], name: CodedConcept): string {
  const item = items.find((candidate) => isNamed(candidate, name));
  return item?.text(TAG.TextValue) ?? (item === undefined ? "" : codeMeaning(item));
}

function codeMeaning(item: DataSet): string {
  return item.items(TAG.ConceptCodeSequence)[0]?.text(TAG.CodeMeaning) ?? "";
}

function nameOf(item: DataSet): string {
  return item.items(TAG.ConceptNameCodeSequence)[0]?.text(TAG.CodeMeaning) ?? "";
}

function isNamed(item: DataSet, { value }: CodedConcept): boolean {
  return item.items(TAG.ConceptNameCodeSequence)[0]?.string(TAG.CodeValue) === value;
}
