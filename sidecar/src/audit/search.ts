import { z } from "zod";
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, type AuditAction, type AuditOutcome } from "./access.js";

/** An access as people read it: its opening row, with what it has come to. */
export interface AuditEntry {
  readonly id: number;
  /** null until it is sealed. */
  readonly sequence: number | null;
  readonly hash: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** False while the access may go on. */
  readonly ended: boolean;
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

const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), { error: "is not a time (ISO 8601)" })
  .transform((text) => new Date(text));

export const filterSchema = z.object({
  /** A subject (`account:7`), a user name or a display name. */
  user: z.string().min(1).max(768).optional(),
  patient: z.string().min(1).max(1_024).optional(),
  issuer: z.string().max(1_024).optional(),
  study: z.string().min(1).max(64).optional(),
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
