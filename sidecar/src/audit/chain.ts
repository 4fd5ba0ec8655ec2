import { createHash } from "node:crypto";
import type { AuditAction, AuditOutcome } from "./access.js";

/** A row of the audit table, as it was added. */
export interface AuditRecord {
  readonly id: number;
  readonly accessId: string;
  /** The row that this one ends; null for rows that open an access. */
  readonly closes: number | null;
  readonly recordedAt: Date;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly subject: string;
  readonly displayName: string;
  readonly kind: string;
  readonly role: string | null;
  readonly tokenId: string;
  readonly patientId: string | null;
  readonly issuerOfPatientId: string | null;
  readonly studyInstanceUid: string | null;
  readonly action: AuditAction;
  readonly target: string;
  readonly outcome: AuditOutcome;
  readonly reason: string | null;
  readonly sourceAddress: string;
  readonly userAgent: string;
  readonly breakGlassId: number | null;
  readonly requests: number;
  readonly instances: number;
  readonly frames: number;
}

/** A row with its place in the chain. */
export interface SealedRecord extends AuditRecord {
  /** 1, 2, 3, … without a gap. */
  readonly sequence: number;
  readonly sealedAt: Date;
  readonly previousHash: string;
  readonly hash: string;
}

/** What a row with this place in the chain is preceded by, when it is the first there ever was. */
export const GENESIS_HASH = "0".repeat(64);

/** The order in which the values go into the hash. Never changed: a new order is a new version. */
const FIELDS = [
  "id",
  "accessId",
  "closes",
  "recordedAt",
  "firstAt",
  "lastAt",
  "subject",
  "displayName",
  "kind",
  "role",
  "tokenId",
  "patientId",
  "issuerOfPatientId",
  "studyInstanceUid",
  "action",
  "target",
  "outcome",
  "reason",
  "sourceAddress",
  "userAgent",
  "breakGlassId",
  "requests",
  "instances",
  "frames",
] as const satisfies readonly (keyof AuditRecord)[];

/**
 * The hash of a row at a place in the chain: SHA-256 (FIPS 180-4) over a JSON array of version, sequence, time of
 * sealing, the hash before, and every value of the row in a fixed order; times in UTC with milliseconds.
 */
export function hashOf(
  record: AuditRecord,
  { sequence, sealedAt, previousHash }: Pick<SealedRecord, "sequence" | "sealedAt" | "previousHash">,
): string {
  const values = FIELDS.map((field) => record[field]);
  const text = JSON.stringify(["neuronova-audit-1", sequence, sealedAt, previousHash, ...values]);
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Gives rows the next places in the chain. */
export function sealAll(
  records: readonly AuditRecord[],
  head: Pick<SealedRecord, "sequence" | "hash">,
  sealedAt: Date,
): SealedRecord[] {
  let { sequence, hash: previousHash } = head;
  return records.map((record) => {
    sequence += 1;
    const place = { sequence, sealedAt, previousHash };
    const hash = hashOf(record, place);
    previousHash = hash;
    return { ...record, ...place, hash };
  });
}
