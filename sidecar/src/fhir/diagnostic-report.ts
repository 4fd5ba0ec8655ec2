import type { DiagnosticReport } from "fhir/r4.js";
import type { ReportRow } from "../emr/records.js";
import { conceptOf, recordIdentifier } from "./concept.js";
import { link, type RecordReferences } from "./references.js";

interface ReportReferences extends RecordReferences {
  readonly observations: readonly string[];
  readonly imagingStudies: readonly string[];
}

/** A person's report, from the EMR's `report`. What a model found is another one: analysis-resources.ts. */
export function diagnosticReportOf(row: ReportRow, to: ReportReferences): DiagnosticReport {
  return {
    resourceType: "DiagnosticReport",
    // report.id
    identifier: [recordIdentifier(row.id)],
    // report.orderId
    ...(to.order === undefined ? {} : { basedOn: [{ reference: to.order }] }),
    // report.status, diagnostic-report-status on both sides
    status: row.status,
    // report.category
    category: [conceptOf([row.category])],
    // report.codes
    code: conceptOf(row.codes),
    // report.patientId
    subject: { reference: to.patient },
    // report.encounterId
    ...link("encounter", to.encounter),
    // report.effectiveAt
    effectiveDateTime: row.effectiveAt,
    // report.updatedAt
    issued: row.updatedAt.toISOString(),
    // report.updatedBy: who answers for this version
    ...(to.author === undefined ? {} : { performer: [{ reference: to.author }] }),
    // report.observationIds
    ...(to.observations.length === 0 ? {} : { result: to.observations.map((reference) => ({ reference })) }),
    // report.studyInstanceUids
    ...(to.imagingStudies.length === 0
      ? {}
      : { imagingStudy: to.imagingStudies.map((reference) => ({ reference })) }),
    // report.conclusion, conclusionCodes
    ...(row.conclusion === null ? {} : { conclusion: row.conclusion }),
    ...(row.conclusionCodes.length === 0
      ? {}
      : { conclusionCode: row.conclusionCodes.map((code) => conceptOf([code])) }),
  };
}
