import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { count, instant, number } from "../openapi/values.js";
import { AUDIT_ACTIONS, AUDIT_OUTCOMES } from "./access.js";
import { auditQuery } from "./routes.js";

const entry = z
  .object({
    id: number,
    sequence: number.nullable().meta({ description: "null until it is sealed" }),
    hash: z.string().nullable(),
    ended: z.boolean().meta({ description: "False while the access may go on" }),
    firstAt: instant,
    lastAt: instant,
    subject: z.string(),
    displayName: z.string(),
    kind: z.string(),
    role: z.string().nullable(),
    tokenId: z.string(),
    patientId: z.string().nullable(),
    issuerOfPatientId: z.string().nullable(),
    studyInstanceUid: z.string().nullable(),
    action: z.enum(AUDIT_ACTIONS),
    target: z.string(),
    outcome: z.enum(AUDIT_OUTCOMES),
    reason: z.string().nullable(),
    sourceAddress: z.string(),
    userAgent: z.string(),
    breakGlassId: z.int().nullable(),
    requests: count,
    instances: count,
    frames: count,
  })
  .meta({ id: "AuditEntry" });
const verification = z.discriminatedUnion("valid", [
  z.object({
    valid: z.literal(true),
    firstSequence: count,
    lastSequence: count,
    lastHash: z.string(),
    records: count,
    waiting: count,
  }),
  z.object({
    valid: z.literal(false),
    firstBadSequence: count,
    problem: z.enum(["changed", "missing", "start-missing", "end-missing", "anchor-differs"]),
  }),
]);

/** `/api/audit`, described. */
export const AUDIT_OPERATIONS: Operations = {
  "GET /api/audit": {
    id: "searchAudit",
    tag: "audit",
    summary: "Accesses, the newest first; as CSV or NDJSON all of them",
    description: "The format is that of `format`, else of `Accept`.",
    needs: "audit-logs",
    query: auditQuery,
    answers: {
      200: {
        description: "A page; `next` is the `before` of the next. Exports have no pages",
        schema: z.object({ entries: z.array(entry), next: number.nullable() }),
        mediaTypes: ["text/csv", "application/x-ndjson"],
      },
    },
    example: { query: { action: "login", limit: "20" } },
  },
  "GET /api/audit/verify": {
    id: "verifyAudit",
    tag: "audit",
    summary: "Follows the hash chain from its first row to its last",
    needs: "audit-logs",
    answers: { 200: { description: "Whether it is whole", schema: verification } },
    example: {},
  },
};
