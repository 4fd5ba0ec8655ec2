import type {
  ConditionRow,
  EncounterRow,
  ObservationRow,
  OrderRow,
  PatientRow,
  ReportRow,
} from "./records.js";

/**
 * The EMR's records as they are now, for those who carry them elsewhere. `null`: there never was such a record; what
 * was withdrawn is there still, `entered-in-error`.
 */
export interface EmrReads {
  patient(id: string): Promise<PatientRow | null>;
  encounter(id: string): Promise<EncounterRow | null>;
  condition(id: string): Promise<ConditionRow | null>;
  order(id: string): Promise<OrderRow | null>;
  observation(id: string): Promise<ObservationRow | null>;
  report(id: string): Promise<ReportRow | null>;
  /** Those merged into the patient (FHIR link `replaces`). */
  mergedPatients(id: string): Promise<PatientRow[]>;
  /**
   * The patient a study (its Orthanc identifier) is linked to, by the rule of issuer and id or by a person's decision; a
   * merged one's survivor. null: no such patient, or the match is in quarantine: nobody is guessed.
   */
  patientOfStudy(studyId: string): Promise<PatientRow | null>;
  /** The orders whose accession number the study carries, of the patient it is linked to. */
  ordersOfStudy(studyId: string): Promise<OrderRow[]>;
  /** UIDs of the studies a radiology order is answered by. */
  studiesOfOrder(orderId: string): Promise<string[]>;
}
