/** A code as the caller gave it: neither system nor code is ever made up here (FHIR R4 Coding). */
export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

/** A number with its UCUM code; `unit` is how people write it. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
  readonly code: string;
}

/** An identifier and who assigned it: (0010,0020) and (0010,0021) of the patient's images. */
export interface PatientIdentifier {
  readonly issuer: string;
  readonly value: string;
}

export interface NameGroup {
  readonly family: string;
  readonly given: string;
}

/** The component groups of a DICOM PN (PS3.5 6.2.1); at least one is there. */
export interface PersonName {
  readonly alphabetic?: NameGroup | undefined;
  readonly ideographic?: NameGroup | undefined;
  readonly phonetic?: NameGroup | undefined;
}

export interface Address {
  readonly line: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2, or empty. */
  readonly country: string;
}

/** Who did it, from the token: `subject` as in the audit trail, `display` for people. */
export interface Actor {
  readonly subject: string;
  readonly display: string;
}

export const RECORD_KINDS = ["patient", "encounter", "condition", "order", "observation", "report"] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];
/** What belongs to a patient. */
export type ClinicalKind = Exclude<RecordKind, "patient">;

interface Kept {
  /** UUID; the subject of outbox messages. */
  readonly id: string;
  /** From 1, one more with each change; the ETag. */
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: Actor;
  readonly updatedAt: Date;
  readonly updatedBy: Actor;
}

export interface PatientContent {
  readonly status: "active" | "inactive" | "entered-in-error";
  /** The first is the primary one, which names the person in FHIR and in the outbox; it never changes. */
  readonly identifiers: readonly PatientIdentifier[];
  readonly name: PersonName;
  /** YYYY-MM-DD. */
  readonly birthDate: string | null;
  /** FHIR administrative-gender. */
  readonly sex: "male" | "female" | "other" | "unknown";
  readonly phone: string | null;
  readonly email: string | null;
  readonly address: Address | null;
}

export interface PatientRow extends Kept, PatientContent {
  /** Of the primary identifier (`dicom/patient-key.ts`). */
  readonly patientKey: string;
  /** The patient this one was merged into (FHIR link `replaced-by`); null when it stands for itself. */
  readonly mergedInto: string | null;
}

interface OfPatient {
  readonly patientId: string;
  /** The encounter it belongs to. */
  readonly encounterId: string | null;
}

/** FHIR R4 EncounterStatus. */
export const ENCOUNTER_STATUSES = [
  "planned",
  "arrived",
  "triaged",
  "in-progress",
  "onleave",
  "finished",
  "cancelled",
  "entered-in-error",
] as const;

export interface EncounterContent {
  readonly patientId: string;
  readonly status: (typeof ENCOUNTER_STATUSES)[number];
  /** v3 ActCode, such as AMB, EMER, IMP. */
  readonly class: Coding;
  readonly types: readonly Coding[];
  readonly reasons: readonly Coding[];
  /** ISO 8601 with offset. */
  readonly startAt: string;
  readonly endAt: string | null;
  readonly note: string | null;
}

/** FHIR R4 condition-clinical and condition-ver-status. */
export const CLINICAL_STATUSES = [
  "active",
  "recurrence",
  "relapse",
  "inactive",
  "remission",
  "resolved",
] as const;
export const VERIFICATION_STATUSES = [
  "unconfirmed",
  "provisional",
  "differential",
  "confirmed",
  "refuted",
  "entered-in-error",
] as const;

export interface ConditionContent extends OfPatient {
  readonly clinicalStatus: (typeof CLINICAL_STATUSES)[number];
  readonly verificationStatus: (typeof VERIFICATION_STATUSES)[number];
  readonly category: "problem-list-item" | "encounter-diagnosis";
  /** One concept, in one or more code systems. */
  readonly codes: readonly Coding[];
  readonly severity: Coding | null;
  readonly bodySite: Coding | null;
  /** YYYY-MM-DD. */
  readonly onsetDate: string | null;
  readonly abatementDate: string | null;
  readonly note: string | null;
}

/** FHIR R4 request-status, those an order takes here. */
export const ORDER_STATUSES = [
  "draft",
  "active",
  "on-hold",
  "completed",
  "revoked",
  "entered-in-error",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** One drug of a prescription; FHIR R4 MedicationRequest with its Dosage. */
export interface MedicationItem {
  readonly drug: readonly Coding[];
  readonly dose: Quantity;
  readonly route: Coding;
  /** `times` in each `period` of `periodUnit` (FHIR Timing.repeat). */
  readonly frequency: {
    readonly times: number;
    readonly period: number;
    readonly periodUnit: "h" | "d" | "wk" | "mo";
  };
  /** UCUM unit of time; null: until it is stopped. */
  readonly duration: { readonly value: number; readonly unit: "d" | "wk" | "mo" } | null;
  readonly asNeeded: boolean;
  readonly instructions: string | null;
}

interface OrderBase extends OfPatient {
  readonly status: OrderStatus;
  readonly priority: "routine" | "urgent" | "asap" | "stat";
  readonly reasons: readonly Coding[];
  readonly note: string | null;
}

export interface MedicationOrder extends OrderBase {
  readonly kind: "medication";
  readonly items: readonly MedicationItem[];
}

export interface LaboratoryOrder extends OrderBase {
  readonly kind: "laboratory";
  readonly codes: readonly Coding[];
  readonly specimen: Coding | null;
}

export interface RadiologyOrder extends OrderBase {
  readonly kind: "radiology";
  readonly codes: readonly Coding[];
  readonly bodySite: Coding | null;
  /** (0008,0050), given by the caller or made here; within `accessionIssuer`, unique. */
  readonly accessionNumber: string;
  /** (0008,0051); null: this institution. */
  readonly accessionIssuer: string | null;
  /** DICOM Modality (0008,0060), such as CT. */
  readonly modality: string;
  /** Local time of the institution, `YYYY-MM-DDThh:mm:ss`, as the modality's worklist shows it; null: not scheduled. */
  readonly scheduledStart: string | null;
  readonly stationAeTitle: string | null;
}

export interface ProcedureOrder extends OrderBase {
  readonly kind: "procedure";
  readonly codes: readonly Coding[];
  readonly bodySite: Coding | null;
  /** ISO 8601 with offset; set when it was done (FHIR Procedure.performed). */
  readonly performedAt: string | null;
  readonly outcome: Coding | null;
}

export type OrderContent = MedicationOrder | LaboratoryOrder | RadiologyOrder | ProcedureOrder;
export type OrderKind = OrderContent["kind"];

/** FHIR R4 observation-status. */
export const OBSERVATION_STATUSES = [
  "registered",
  "preliminary",
  "final",
  "amended",
  "corrected",
  "cancelled",
  "entered-in-error",
] as const;

export type ObservationValue =
  | { readonly type: "quantity"; readonly quantity: Quantity }
  | { readonly type: "codes"; readonly codes: readonly Coding[] }
  | { readonly type: "text"; readonly text: string };

export interface ObservationContent extends OfPatient {
  readonly status: (typeof OBSERVATION_STATUSES)[number];
  readonly category: "vital-signs" | "laboratory";
  readonly codes: readonly Coding[];
  /** null when the components carry the values (blood pressure), or nothing was obtained. */
  readonly value: ObservationValue | null;
  readonly components: readonly { readonly codes: readonly Coding[]; readonly value: ObservationValue }[];
  readonly interpretation: Coding | null;
  readonly referenceRange: {
    readonly low: Quantity | null;
    readonly high: Quantity | null;
    readonly text: string | null;
  } | null;
  /** ISO 8601 with offset: when it was measured or the specimen taken. */
  readonly effectiveAt: string;
  /** The order it answers. */
  readonly orderId: string | null;
  readonly note: string | null;
}

/** FHIR R4 diagnostic-report-status. */
export const REPORT_STATUSES = [
  "registered",
  "partial",
  "preliminary",
  "final",
  "amended",
  "corrected",
  "appended",
  "cancelled",
  "entered-in-error",
] as const;

export interface ReportContent extends OfPatient {
  readonly status: (typeof REPORT_STATUSES)[number];
  /** Service section, such as v2-0074 RAD or LAB. */
  readonly category: Coding;
  readonly codes: readonly Coding[];
  readonly effectiveAt: string;
  readonly conclusion: string | null;
  readonly conclusionCodes: readonly Coding[];
  readonly orderId: string | null;
  readonly observationIds: readonly string[];
  readonly studyInstanceUids: readonly string[];
}

export interface ContentOf {
  readonly patient: PatientContent;
  readonly encounter: EncounterContent;
  readonly condition: ConditionContent;
  readonly order: OrderContent;
  readonly observation: ObservationContent;
  readonly report: ReportContent;
}

export type EncounterRow = Kept & EncounterContent;
export type ConditionRow = Kept & ConditionContent;
export type OrderRow = Kept & OrderContent;
export type ObservationRow = Kept & ObservationContent;
export type ReportRow = Kept & ReportContent;

export interface RowOf {
  readonly patient: PatientRow;
  readonly encounter: EncounterRow;
  readonly condition: ConditionRow;
  readonly order: OrderRow;
  readonly observation: ObservationRow;
  readonly report: ReportRow;
}
