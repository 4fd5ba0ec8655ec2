import type { AuditRecord, SealedRecord } from "../../audit/chain.js";

/** Column of each value of an audit row. */
export const RECORD_COLUMNS = {
  id: "id",
  accessId: "access_id",
  closes: "closes",
  recordedAt: "recorded_at",
  firstAt: "first_at",
  lastAt: "last_at",
  subject: "subject",
  displayName: "display_name",
  kind: "kind",
  role: "role",
  tokenId: "token_id",
  patientId: "patient_id",
  issuerOfPatientId: "issuer_of_patient_id",
  studyInstanceUid: "study_instance_uid",
  action: "action",
  target: "target",
  outcome: "outcome",
  reason: "reason",
  sourceAddress: "source_address",
  userAgent: "user_agent",
  breakGlassId: "break_glass_id",
  requests: "requests",
  instances: "instances",
  frames: "frames",
} as const satisfies Record<keyof AuditRecord, string>;

export const SEAL_COLUMNS = {
  sequence: "sequence",
  sealedAt: "sealed_at",
  previousHash: "previous_hash",
  hash: "hash",
} as const satisfies Record<Exclude<keyof SealedRecord, keyof AuditRecord>, string>;

/** A time for DATETIME(3) in UTC: given a Date, Sequelize would write whole seconds. */
export function instant(date: Date): string {
  return date.toISOString().replace("T", " ").replace("Z", "");
}

/** `table.column AS name, …` */
export function selected(columns: Readonly<Record<string, string>>, table = "audit_record"): string {
  return Object.entries(columns)
    .map(([name, column]) => `${table}.${column} AS ${name}`)
    .join(", ");
}
