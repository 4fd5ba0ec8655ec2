/** An AI report as it is filed in a chart. */
export interface ReportDocument {
  /** One for each SR. */
  readonly fileName: string;
  readonly pdf: Uint8Array;
  readonly studyId: string;
  readonly studyInstanceUid: string;
  /** Whose images they are: issuer and id, hashed. */
  readonly patientKey: string;
  readonly issuerOfPatientId: string;
  /** YYYYMMDD or empty, as the SR says. */
  readonly patientBirthDate: string;
}

export interface ReportDocuments {
  /** null: the analysis has no report, or is gone. */
  document(analysisId: number): Promise<ReportDocument | null>;
  /** Analyses that have a report, of a study by its Orthanc identifier. */
  analysesOfStudy(studyId: string): Promise<number[]>;
  studyInstanceUid(analysisId: number): Promise<string | null>;
}
