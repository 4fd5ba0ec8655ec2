import { randomUUID } from "node:crypto";
import { patientKeyOf } from "../../src/dicom/patient-key.js";
import type { EncounterRow, MedicationOrder, OrderRow, PatientRow } from "../../src/emr/records.js";
import type { OpenEmrDestinationDependencies } from "../../src/openemr/destination-dependencies.js";

export const ISSUER = "HOSPITAL";
const actor = { subject: "user:7", display: "Doctor" };

function kept(id: string) {
  const at = new Date("2025-03-02T03:04:05Z");
  return { id, version: 1, createdAt: at, createdBy: actor, updatedAt: at, updatedBy: actor };
}

/** Records of the EMR as its read port gives them. */
export class Records {
  readonly patients = new Map<string, PatientRow>();
  readonly encounters = new Map<string, EncounterRow>();
  readonly orders = new Map<string, OrderRow>();
  /** Which patient a study (its Orthanc identifier) is of. */
  readonly studies = new Map<string, string>();

  readonly reads: OpenEmrDestinationDependencies["emr"] = {
    patient: (id) => Promise.resolve(this.patients.get(id) ?? null),
    encounter: (id) => Promise.resolve(this.encounters.get(id) ?? null),
    order: (id) => Promise.resolve(this.orders.get(id) ?? null),
    patientOfStudy: (id) => Promise.resolve(this.patients.get(this.studies.get(id) ?? "") ?? null),
  };

  patient(mrn: string, members: Partial<PatientRow> = {}): PatientRow {
    const row: PatientRow = {
      ...kept(randomUUID()),
      status: "active",
      identifiers: [{ issuer: ISSUER, value: mrn }],
      name: { alphabetic: { family: "Hong", given: `Gildong ${mrn}` } },
      birthDate: "1970-01-31",
      sex: "male",
      phone: null,
      email: null,
      address: null,
      patientKey: patientKeyOf({ issuerOfPatientId: ISSUER, patientId: mrn }),
      mergedInto: null,
      ...members,
    };
    this.patients.set(row.id, row);
    return row;
  }

  encounter(patientId: string): EncounterRow {
    const row: EncounterRow = {
      ...kept(randomUUID()),
      patientId,
      status: "in-progress",
      class: {
        system: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        code: "AMB",
        display: "ambulatory",
      },
      types: [],
      reasons: [{ system: "http://snomed.info/sct", code: "25064002", display: "Headache" }],
      startAt: "2025-03-02T12:04:05+09:00",
      endAt: null,
      note: null,
    };
    this.encounters.set(row.id, row);
    return row;
  }

  prescription(patientId: string, drugs: readonly string[]): OrderRow & MedicationOrder {
    const row: OrderRow & MedicationOrder = {
      ...kept(randomUUID()),
      kind: "medication",
      patientId,
      encounterId: null,
      status: "active",
      priority: "routine",
      reasons: [],
      note: null,
      items: drugs.map((display) => ({
        drug: [{ system: "http://www.nlm.nih.gov/research/umls/rxnorm", code: "197361", display }],
        dose: { value: 5, unit: "mg", code: "mg" },
        route: { system: "http://snomed.info/sct", code: "26643006", display: "Oral" },
        frequency: { times: 2, period: 1, periodUnit: "d" },
        duration: { value: 2, unit: "wk" },
        asNeeded: false,
        instructions: null,
      })),
    };
    this.orders.set(row.id, row);
    return row;
  }
}
