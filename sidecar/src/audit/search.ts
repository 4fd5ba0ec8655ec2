import { z } from "zod";
import { asciiText } from "../ascii.js";
import { AUDIT_ACTIONS, AUDIT_OUTCOMES } from "./access.js";
import type { AuditRecord } from "./chain.js";

/** An access as people read it: its opening row, with what it has come to. */
export interface AuditEntry extends Omit<AuditRecord, "accessId" | "closes" | "recordedAt"> {
  /** null until it is sealed. */
  readonly sequence: number | null;
  readonly hash: string | null;
  /** False while the access may go on. */
  readonly ended: boolean;
}

const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: "is not a time (ISO 8601)" })
  .transform((text) => new Date(text));

export const filterSchema = z.object({
  /** A subject (`account:7`), a user name or a display name. */
  user: z.string().min(1).max(768).optional(),
  patient: z.string().min(1).max(1_024).optional(),
  issuer: z.string().max(1_024).optional(),
  study: asciiText(64).optional(),
  action: z.enum(AUDIT_ACTIONS).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  from: instant.optional(),
  to: instant.optional(),
});
export type AuditFilter = z.output<typeof filterSchema>;

/** Reads the audit trail for people. */
export interface AuditSearch {
  /** Newest first, those before the one named. */
  entries(filter: AuditFilter, before: number | null, limit: number): Promise<AuditEntry[]>;
}
