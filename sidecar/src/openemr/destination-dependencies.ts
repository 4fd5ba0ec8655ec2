import type { EmrReads } from "../emr/emr-reads.js";
import type { ChartDependencies } from "./charts.js";
import type { ReportDocuments } from "./report-documents.js";

export interface OpenEmrDestinationDependencies extends ChartDependencies {
  readonly emr: Pick<EmrReads, "patient" | "encounter" | "order" | "patientOfStudy">;
  readonly documents: ReportDocuments;
  readonly encounterCategory: string;
  readonly documentCategory: string;
}
