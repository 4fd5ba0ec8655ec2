import type { OpenEmrPatient } from "./openemr-api.js";

/** How a patient of OpenEMR's stands to what is known here. */
export type ChartOutcome = "agrees" | "contradicts" | "unknown-here";

export interface KnownChart {
  readonly patient: OpenEmrPatient;
  /** Of the issuer of OpenEMR's and its pubpid (dicom/patient-key.ts); null without a pubpid. */
  readonly patientKey: string | null;
  readonly outcome: ChartOutcome;
  /** Names of members that contradict. */
  readonly differing: readonly string[];
  readonly fetchedAt: Date;
}

/** OpenEMR's patients as they were fetched last: the copy that answers while OpenEMR is away. */
export interface KnownCharts {
  byPatientKey(patientKey: string): Promise<KnownChart[]>;
  byPatientKeys(patientKeys: readonly string[]): Promise<KnownChart[]>;
  /** Our patient whose primary identifier has this key; null when there is none. */
  patientIdByKey(patientKey: string): Promise<string | null>;
  digests(uuids: readonly string[]): Promise<Map<string, string>>;
  /** Writes a page and moves the cursor, together. */
  keep(
    charts: readonly (Omit<KnownChart, "fetchedAt"> & { readonly digest: string })[],
    cursor: string | null,
  ): Promise<void>;
  cursor(): Promise<string | null>;
  /** All of OpenEMR's patients were read as they were at that time, or later. */
  complete(asOf: Date): Promise<void>;
  /** The time the copy is true of; null before all was read once. */
  completeAsOf(): Promise<Date | null>;
  /** Those that contradict, for a person. */
  contradicting(limit: number): Promise<KnownChart[]>;
}
