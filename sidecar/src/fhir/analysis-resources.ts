import type { DiagnosticReport } from "fhir/r4.js";
import type { AnalysisResult } from "../state/records.js";
import {
  analysisIdentifier,
  finalReview,
  issuedAt,
  statusOf,
  type AnalysisSubject,
} from "./analysis-subject.js";
import { fhirDate } from "./date.js";
import { DEMONSTRATION_NOTICE, SYSTEM } from "./system.js";

/** The report of one analysis. It points to the study that holds the SEG and SR; those are the record. */
export function diagnosticReport(
  subject: AnalysisSubject,
  observationReferences: readonly string[],
): DiagnosticReport {
  const { analysis, result, study, modelTitle, reviewerReference } = subject;
  const effective = fhirDate(study.studyDate);
  return {
    resourceType: "DiagnosticReport",
    identifier: [
      { system: SYSTEM.analysis, value: analysisIdentifier(subject) },
      { system: SYSTEM.analysisNumber, value: String(analysis.id) },
      { system: SYSTEM.dicomUid, value: `urn:oid:${result.report.sopInstanceUid}` },
    ],
    status: statusOf(analysis),
    category: [{ coding: [{ system: SYSTEM.diagnosticServiceSection, code: "RAD" }] }],
    code: {
      coding: [{ system: SYSTEM.loinc, code: "18748-4", display: "Diagnostic imaging study" }],
      text: modelTitle,
    },
    subject: { reference: subject.patientReference },
    ...(effective === undefined ? {} : { effectiveDateTime: effective }),
    issued: issuedAt(analysis),
    // Who answers for this version
    ...(reviewerReference === undefined
      ? {}
      : {
          performer: [{ reference: reviewerReference }],
          resultsInterpreter: [{ reference: reviewerReference }],
        }),
    ...(observationReferences.length === 0
      ? {}
      : { result: observationReferences.map((reference) => ({ reference })) }),
    imagingStudy: [{ reference: subject.imagingStudyReference }],
    conclusion: `${modelTitle} ${analysis.modelVersion}: ${findingsOf(result)}. ${reviewed(subject)} ${DEMONSTRATION_NOTICE}`,
  };
}

function findingsOf({ segments, scores = [] }: AnalysisResult): string {
  const findings = [
    ...segments.map(({ label, volumeMl }) => `${label} ${volumeMl.toFixed(2)} ml`),
    ...scores.map(({ title, value, range: [low, high], band }) => {
      const where = band === undefined ? "" : `, ${band.label}`;
      return `${title} ${value.toFixed(2)} (from ${low} to ${high}${where})`;
    }),
  ];
  return findings.length === 0 ? "no finding by the algorithm" : findings.join(", ");
}

function reviewed({ analysis }: AnalysisSubject): string {
  const review = finalReview(analysis);
  if (review === undefined) return "Not reviewed.";
  return review.decision === "edited" ? "Corrected on review." : "Accepted on review.";
}
