import type { DiagnosticReport, Observation } from "fhir/r4.js";
import type { AnalysisResult, AnalysisRow, StudyRecord } from "../state/records.js";
import { fhirDate } from "./date.js";
import { DEMONSTRATION_NOTICE, SYSTEM } from "./system.js";

export interface AnalysisSubject {
  readonly analysis: AnalysisRow;
  readonly result: AnalysisResult;
  readonly study: StudyRecord;
  readonly sourceSeriesInstanceUid: string;
  /** The model's title, for people. */
  readonly modelTitle: string;
  readonly patientReference: string;
  readonly imagingStudyReference: string;
  /** The model, as a Device. */
  readonly deviceReference: string;
}

/**
 * What the resources of an analysis are found again by: series and model, not the attempt. The series in the archive
 * as well as its UID, which two patients may share.
 */
export function analysisIdentifier({ analysis, sourceSeriesInstanceUid }: AnalysisSubject): string {
  return `${sourceSeriesInstanceUid}/${analysis.seriesId}/${analysis.modelName}/${analysis.modelVersion}`;
}

/** The volume of one segment in millilitres. Preliminary: no clinician has looked at it. */
export function volumeObservation(
  subject: AnalysisSubject,
  segment: AnalysisResult["segments"][number],
): Observation {
  const { analysis, study, modelTitle } = subject;
  const effective = fhirDate(study.studyDate);
  return {
    resourceType: "Observation",
    identifier: [
      { system: SYSTEM.analysis, value: `${analysisIdentifier(subject)}/${segment.number}/volume` },
      { system: SYSTEM.analysisNumber, value: String(analysis.id) },
    ],
    status: "preliminary",
    category: [{ coding: [{ system: SYSTEM.observationCategory, code: "imaging" }] }],
    code: {
      coding: [{ system: SYSTEM.snomed, code: "118565006", display: "Volume" }],
      text: `Volume of ${segment.label}`,
    },
    subject: { reference: subject.patientReference },
    ...(effective === undefined ? {} : { effectiveDateTime: effective }),
    issued: analysis.queuedAt.toISOString(),
    valueQuantity: { value: segment.volumeMl, unit: "ml", system: SYSTEM.ucum, code: "mL" },
    method: { text: `${modelTitle} ${analysis.modelVersion} (automatic)` },
    device: { reference: subject.deviceReference },
    derivedFrom: [{ reference: subject.imagingStudyReference }],
    note: [{ text: `${DEMONSTRATION_NOTICE} Made by an algorithm, not reviewed.` }],
  };
}

/** The report of one analysis. It points to the study that holds the SEG and SR; those are the record. */
export function diagnosticReport(
  subject: AnalysisSubject,
  observationReferences: readonly string[],
): DiagnosticReport {
  const { analysis, result, study, modelTitle } = subject;
  const effective = fhirDate(study.studyDate);
  const findings =
    result.segments.length === 0
      ? "no finding by the algorithm"
      : result.segments.map(({ label, volumeMl }) => `${label} ${volumeMl.toFixed(2)} ml`).join(", ");
  return {
    resourceType: "DiagnosticReport",
    identifier: [
      { system: SYSTEM.analysis, value: analysisIdentifier(subject) },
      { system: SYSTEM.analysisNumber, value: String(analysis.id) },
      { system: SYSTEM.dicomUid, value: `urn:oid:${result.report.sopInstanceUid}` },
    ],
    status: "preliminary",
    category: [{ coding: [{ system: SYSTEM.diagnosticServiceSection, code: "RAD" }] }],
    code: {
      coding: [{ system: SYSTEM.loinc, code: "18748-4", display: "Diagnostic imaging study" }],
      text: modelTitle,
    },
    subject: { reference: subject.patientReference },
    ...(effective === undefined ? {} : { effectiveDateTime: effective }),
    issued: analysis.queuedAt.toISOString(),
    ...(observationReferences.length === 0
      ? {}
      : { result: observationReferences.map((reference) => ({ reference })) }),
    imagingStudy: [{ reference: subject.imagingStudyReference }],
    conclusion: `${modelTitle} ${analysis.modelVersion}: ${findings}. Not reviewed. ${DEMONSTRATION_NOTICE}`,
  };
}
