import { writeChart } from "./charts.js";
import { createOnce } from "./create-once.js";
import type { PatientKeys } from "./openemr-api.js";
import type { OpenEmrDestinationDependencies } from "./destination-dependencies.js";
import { OpenEmrError } from "./openemr-error.js";
import type { ReportDocument } from "./report-documents.js";

/**
 * Files an AI report in the chart of whose images it is of.
 * @returns the study it is of; null when there is nothing to file
 */
export async function writeReportDocument(
  analysisId: number,
  dependencies: OpenEmrDestinationDependencies,
): Promise<string | null> {
  const { api, links, documents, documentCategory, issuer } = dependencies;
  const report = await documents.document(analysisId);
  if (report === null) return null;
  const chart = await chartFor(report, dependencies);
  if (chart === null) {
    // Images of another institution's patient: OpenEMR has no chart for them, and gets none.
    if (report.issuerOfPatientId !== issuer) return null;
    throw new OpenEmrError(
      "openemr-identity-conflict",
      "OpenEMR has no chart for the patient of this report",
    );
  }
  const link = await links.find("document", report.fileName);
  if (link?.state === "linked") return report.studyInstanceUid;
  await createOnce(
    {
      kind: "document",
      subject: report.fileName,
      find: async () => {
        const names = await api.documentNames(chart.pid, documentCategory);
        if (names === null) return "unknown";
        return names.includes(report.fileName) ? { key: report.fileName, pid: chart.pid } : "none";
      },
      create: async () => {
        await api.addDocument(chart.pid, documentCategory, report);
        return { key: report.fileName, pid: chart.pid };
      },
    },
    links,
  );
  return report.studyInstanceUid;
}

/** By the rule of issuer and id alone; a report is not filed under another birth date. */
async function chartFor(
  report: ReportDocument,
  dependencies: OpenEmrDestinationDependencies,
): Promise<PatientKeys | null> {
  const { emr, known, api } = dependencies;
  const patient = await emr.patientOfStudy(report.studyId);
  if (patient !== null) {
    const keys = await writeChart(patient, dependencies);
    if (keys !== null) refuseOther(report, patient.birthDate ?? "");
    return keys;
  }
  const charts = await known.byPatientKey(report.patientKey);
  const [chart] = charts;
  if (chart === undefined) return null;
  if (charts.length > 1)
    throw new OpenEmrError("openemr-identity-conflict", "OpenEMR has two charts with this public identifier");
  const now = await api.patient(chart.patient.uuid);
  if (now === null || now.pubpid !== chart.patient.pubpid) return null;
  refuseOther(report, now.DOB);
  return now;
}

function refuseOther({ patientBirthDate }: ReportDocument, birthDate: string): void {
  const ofChart = birthDate.replaceAll("-", "");
  if (patientBirthDate !== "" && /^[1-9]\d{7}$/.test(ofChart) && ofChart !== patientBirthDate)
    throw new OpenEmrError("openemr-identity-conflict", "the images and the chart differ in the birth date");
}
