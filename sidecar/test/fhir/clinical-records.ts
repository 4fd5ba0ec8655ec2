import type { EmrReads } from "../../src/emr/emr-reads.js";
import type {
  ConditionRow,
  EncounterRow,
  ObservationRow,
  OrderRow,
  PatientRow,
  ReportRow,
} from "../../src/emr/records.js";
import { patientKeyOf } from "../../src/dicom/patient-key.js";

const at = new Date("2026-03-04T05:06:07.890Z");
const doctor = { subject: "account:7", display: "Dr. Kim" };
const kept = (id: string) => ({
  id: `00000000-0000-4000-8000-${id.padStart(12, "0")}`,
  version: 1,
  createdAt: at,
  createdBy: doctor,
  updatedAt: at,
  updatedBy: doctor,
});
const LOINC = "http://loinc.org";
const SNOMED = "http://snomed.info/sct";

export const ISSUER = "HOSPITAL";

function patientRow(id: string, value: string, rest: Partial<PatientRow>): PatientRow {
  return {
    ...kept(id),
    status: "active",
    identifiers: [{ issuer: ISSUER, value }],
    patientKey: patientKeyOf({ issuerOfPatientId: ISSUER, patientId: value }),
    name: {
      alphabetic: { family: "Hong", given: "Gildong" },
      ideographic: { family: "洪", given: "吉洞" },
      phonetic: { family: "홍", given: "길동" },
    },
    birthDate: "1970-01-31",
    sex: "male",
    phone: "+82 2 123 4567",
    email: "hong@example.org",
    address: { line: "1 Sejong-daero", city: "Seoul", state: "", postalCode: "04524", country: "KR" },
    mergedInto: null,
    ...rest,
  };
}

/** One person's records in the EMR, every kind and every element filled: a test changes what it is about. */
export class ClinicalRecords implements EmrReads {
  readonly patients: PatientRow[] = [patientRow("1", "MRN-1", {}), patientRow("2", "MRN-2", {})];
  readonly encounters: EncounterRow[] = [
    {
      ...kept("10"),
      patientId: kept("1").id,
      status: "in-progress",
      class: {
        system: "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        code: "AMB",
        display: "ambulatory",
      },
      types: [{ system: SNOMED, code: "185349003", display: "Encounter for check up" }],
      reasons: [{ system: SNOMED, code: "25064002", display: "Headache" }],
      startAt: "2026-03-04T09:00:00+09:00",
      endAt: null,
      note: "Walk-in",
    },
  ];
  readonly conditions: ConditionRow[] = [
    {
      ...kept("20"),
      patientId: kept("1").id,
      encounterId: kept("10").id,
      clinicalStatus: "active",
      verificationStatus: "confirmed",
      category: "encounter-diagnosis",
      codes: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "R51", display: "Headache" }],
      severity: { system: SNOMED, code: "6736007", display: "Moderate" },
      bodySite: { system: SNOMED, code: "69536005", display: "Head structure" },
      onsetDate: "2026-03-01",
      abatementDate: null,
      note: "Since Sunday",
    },
  ];
  readonly orders: OrderRow[] = [
    {
      ...kept("30"),
      patientId: kept("1").id,
      encounterId: kept("10").id,
      kind: "medication",
      status: "active",
      priority: "routine",
      reasons: [{ system: "http://hl7.org/fhir/sid/icd-10", code: "R51", display: "Headache" }],
      note: "With food",
      items: [
        {
          drug: [
            {
              system: "http://www.nlm.nih.gov/research/umls/rxnorm",
              code: "198440",
              display: "Acetaminophen 500 MG Oral Tablet",
            },
          ],
          dose: { value: 1, unit: "tablet", code: "{tbl}" },
          route: { system: SNOMED, code: "26643006", display: "Oral route" },
          frequency: { times: 3, period: 1, periodUnit: "d" },
          duration: { value: 5, unit: "d" },
          asNeeded: false,
          instructions: "After meals",
        },
        {
          drug: [
            {
              system: "http://www.nlm.nih.gov/research/umls/rxnorm",
              code: "310965",
              display: "Ibuprofen 200 MG Oral Tablet",
            },
          ],
          dose: { value: 200, unit: "mg", code: "mg" },
          route: { system: SNOMED, code: "26643006", display: "Oral route" },
          frequency: { times: 1, period: 8, periodUnit: "h" },
          duration: null,
          asNeeded: true,
          instructions: null,
        },
      ],
    },
    {
      ...kept("31"),
      patientId: kept("1").id,
      encounterId: kept("10").id,
      kind: "laboratory",
      status: "active",
      priority: "urgent",
      reasons: [],
      note: null,
      codes: [{ system: LOINC, code: "2345-7", display: "Glucose [Mass/volume] in Serum or Plasma" }],
      specimen: { system: SNOMED, code: "119364003", display: "Serum specimen" },
    },
    {
      ...kept("32"),
      patientId: kept("1").id,
      encounterId: kept("10").id,
      kind: "radiology",
      status: "active",
      priority: "stat",
      reasons: [{ system: SNOMED, code: "25064002", display: "Headache" }],
      note: "Contrast allergy unknown",
      codes: [{ system: LOINC, code: "24590-2", display: "MR Brain" }],
      bodySite: { system: SNOMED, code: "12738006", display: "Brain structure" },
      accessionNumber: "ACC-1",
      accessionIssuer: null,
      modality: "MR",
      scheduledStart: "2026-03-05T10:30:00",
      stationAeTitle: "MR1",
    },
    {
      ...kept("33"),
      patientId: kept("1").id,
      encounterId: kept("10").id,
      kind: "procedure",
      status: "completed",
      priority: "routine",
      reasons: [{ system: SNOMED, code: "25064002", display: "Headache" }],
      note: "No complication",
      codes: [{ system: SNOMED, code: "277762005", display: "Lumbar puncture" }],
      bodySite: { system: SNOMED, code: "122496007", display: "Lumbar spine structure" },
      performedAt: "2026-03-04T11:00:00+09:00",
      outcome: { system: SNOMED, code: "385669000", display: "Successful" },
    },
  ];
  readonly observations: ObservationRow[] = [
    {
      ...kept("40"),
      patientId: kept("1").id,
      encounterId: kept("10").id,
      status: "final",
      category: "vital-signs",
      codes: [{ system: LOINC, code: "85354-9", display: "Blood pressure panel" }],
      value: null,
      components: [
        {
          codes: [{ system: LOINC, code: "8480-6", display: "Systolic blood pressure" }],
          value: { type: "quantity", quantity: { value: 121, unit: "mmHg", code: "mm[Hg]" } },
        },
        {
          codes: [{ system: LOINC, code: "8462-4", display: "Diastolic blood pressure" }],
          value: { type: "quantity", quantity: { value: 79, unit: "mmHg", code: "mm[Hg]" } },
        },
      ],
      interpretation: null,
      referenceRange: null,
      effectiveAt: "2026-03-04T09:10:00+09:00",
      orderId: null,
      note: null,
    },
    {
      ...kept("41"),
      patientId: kept("1").id,
      encounterId: kept("10").id,
      status: "final",
      category: "laboratory",
      codes: [{ system: LOINC, code: "2345-7", display: "Glucose [Mass/volume] in Serum or Plasma" }],
      value: { type: "quantity", quantity: { value: 98.5, unit: "mg/dL", code: "mg/dL" } },
      components: [],
      interpretation: {
        system: "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        code: "N",
        display: "Normal",
      },
      referenceRange: {
        low: { value: 70, unit: "mg/dL", code: "mg/dL" },
        high: { value: 99, unit: "mg/dL", code: "mg/dL" },
        text: "fasting",
      },
      effectiveAt: "2026-03-04T09:20:00+09:00",
      orderId: kept("31").id,
      note: "Fasting",
    },
  ];
  readonly reports: ReportRow[] = [
    {
      ...kept("50"),
      patientId: kept("1").id,
      encounterId: kept("10").id,
      status: "final",
      category: {
        system: "http://terminology.hl7.org/CodeSystem/v2-0074",
        code: "RAD",
        display: "Radiology",
      },
      codes: [{ system: LOINC, code: "24590-2", display: "MR Brain" }],
      effectiveAt: "2026-03-05T11:00:00+09:00",
      conclusion: "No acute finding.",
      conclusionCodes: [{ system: SNOMED, code: "17621005", display: "Normal" }],
      orderId: kept("32").id,
      observationIds: [kept("41").id],
      studyInstanceUids: [],
    },
  ];

  /** Changes one record, as an edit in the EMR does. */
  change<Row extends { readonly id: string; readonly version: number }>(
    rows: Row[],
    index: number,
    changes: Partial<Row>,
  ): void {
    const row = rows[index];
    if (row === undefined) throw new RangeError(`no record ${index}`);
    rows[index] = { ...row, ...changes, version: row.version + 1 };
  }

  /** The doctor is called otherwise from now on. */
  rename(display: string): void {
    const by = { createdBy: { ...doctor, display }, updatedBy: { ...doctor, display } };
    for (const rows of [this.encounters, this.conditions, this.orders, this.observations, this.reports])
      for (const [index, row] of rows.entries()) Object.assign(rows, { [index]: { ...row, ...by } });
  }

  dropItem(order: number, item: number): void {
    const row = this.orders[order];
    if (row?.kind !== "medication") throw new RangeError("no prescription");
    this.orders[order] = { ...row, items: row.items.toSpliced(item, 1) };
  }

  patient = (id: string) => found(this.patients, id);
  encounter = (id: string) => found(this.encounters, id);
  condition = (id: string) => found(this.conditions, id);
  order = (id: string) => found(this.orders, id);
  observation = (id: string) => found(this.observations, id);
  report = (id: string) => found(this.reports, id);
  mergedPatients = (id: string) =>
    Promise.resolve(this.patients.filter(({ mergedInto }) => mergedInto === id));
  patientOfStudy = () => found(this.patients, kept("1").id);
  ordersOfStudy = () => Promise.resolve(this.orders.filter(({ kind }) => kind === "radiology"));
  studiesOfOrder = () => Promise.resolve([]);
}

function found<Row extends { readonly id: string }>(rows: readonly Row[], id: string): Promise<Row | null> {
  return Promise.resolve(rows.find((row) => row.id === id) ?? null);
}
