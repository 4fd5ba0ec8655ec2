import type { OpenEmrPatient } from "./openemr-api.js";

/** How a patient of OpenEMR's stands to what is known here. */
export type ChartOutcome = "agrees" | "contradicts" | "unknown-here";

export interface KnownChart {
  readonly patient: OpenEmrPatient;
  /** Of the issuer of OpenEMR's and its pubpid (dicom/patient-key.ts); null without a pubpid. */
  readonly patientKey: string | null;
  readonly outcome: ChartOutcome;
  /** Names of members that contradict, or that no record here can have. */
  readonly differing: readonly string[];
  readonly fetchedAt: Date;
}

/** A chart and how it stands; an empty digest: to be looked at again. */
export type SettledChart = Omit<KnownChart, "fetchedAt"> & { readonly digest: string };

/** OpenEMR's patients as they were fetched last: the copy that answers while OpenEMR is away. */
export interface KnownCharts {
  byPatientKey(patientKey: string): Promise<KnownChart[]>;
  byPatientKeys(patientKeys: readonly string[]): Promise<KnownChart[]>;
  /** Our patient with an identifier of this key, a merged one too; null when there is none. */
  patientIdByKey(patientKey: string): Promise<string | null>;
  digests(uuids: readonly string[]): Promise<Map<string, string>>;
  /** Writes a page and moves the cursor, together. */
  keep(charts: readonly SettledChart[], cursor: string | null): Promise<void>;
  cursor(): Promise<string | null>;
  /** All of OpenEMR's patients were read as they were at that time, or later. */
  complete(asOf: Date): Promise<void>;
  /** The time the copy is true of; null before all was read once. */
  completeAsOf(): Promise<Date | null>;
  /** OpenEMR's keys of those that have to be looked at again. */
  due(limit: number): Promise<string[]>;
  forget(uuid: string): Promise<void>;
  /** Those that contradict or cannot be a record here, for a person. */
  contradicting(limit: number): Promise<KnownChart[]>;
}
