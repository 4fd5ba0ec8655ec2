/** A patient as `POST /api/patient` takes it (OpenEMR's schema api_patient_request, and `pubpid`). */
export interface PatientBody {
  readonly fname: string;
  readonly lname: string;
  /** YYYY-MM-DD. */
  readonly DOB: string;
  readonly sex: string;
  /** The identifier people see, "External ID": the value within the configured assigning authority. */
  readonly pubpid: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postal_code: string;
  readonly country_code: string;
  readonly phone_contact: string;
  readonly email: string;
}

/** A patient as OpenEMR gives it; what it has beyond this is not ours to touch. */
export interface OpenEmrPatient extends PatientBody {
  readonly uuid: string;
  readonly pid: string;
  /** When it was last changed, OpenEMR's local time, `YYYY-MM-DD HH:MM:SS`; empty when it does not say. */
  readonly date: string;
}

/** schema api_encounter_request: `pc_catid` and `class_code` are required. */
export interface EncounterBody {
  readonly date: string;
  readonly reason: string;
  readonly pc_catid: string;
  readonly class_code: string;
  /** Ours: an encounter that was written without an answer is found again by it. */
  readonly external_id: string;
}

/** schema api_medication_request. */
export interface MedicationBody {
  readonly title: string;
  /** `YYYY-MM-DD HH:MM:SS`. */
  readonly begdate: string;
  readonly enddate: string | null;
  readonly diagnosis: string;
}

export interface PatientKeys {
  readonly uuid: string;
  readonly pid: string;
}

/**
 * What is asked of OpenEMR's standard REST API. Every method throws OpenEmrError; `uncertain` says that a write may
 * have been carried out. No write is idempotent.
 */
export interface OpenEmrApi {
  /** Those that match exactly; OpenEMR does not search by `pubpid`. */
  findPatients(by: Pick<PatientBody, "lname" | "DOB">): Promise<OpenEmrPatient[]>;
  /** null when there is none. */
  patient(uuid: string): Promise<OpenEmrPatient | null>;
  createPatient(body: PatientBody): Promise<PatientKeys>;
  updatePatient(uuid: string, body: PatientBody): Promise<void>;
  /** All patients, the last changed first where the server keeps to that; the caller checks. */
  patientPage(page: { readonly offset: number; readonly limit: number }): Promise<OpenEmrPatient[]>;
  encounters(patientUuid: string): Promise<{ readonly uuid: string; readonly externalId: string }[]>;
  createEncounter(patientUuid: string, body: EncounterBody): Promise<{ readonly uuid: string }>;
  updateEncounter(patientUuid: string, uuid: string, body: EncounterBody): Promise<void>;
  medications(
    pid: string,
  ): Promise<{ readonly id: string; readonly title: string; readonly begdate: string }[]>;
  createMedication(pid: string, body: MedicationBody): Promise<{ readonly id: string }>;
  updateMedication(pid: string, id: string, body: MedicationBody): Promise<void>;
  /** File names in a category; null when OpenEMR does not say (an empty category and no such list are one answer). */
  documentNames(pid: string, category: string): Promise<string[] | null>;
  addDocument(
    pid: string,
    category: string,
    document: { readonly fileName: string; readonly pdf: Uint8Array },
  ): Promise<void>;
}
