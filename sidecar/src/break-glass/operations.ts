import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { instant, number } from "../openapi/values.js";
import { accessRequest, acknowledgement } from "./break-glass.js";
import { searchSchema } from "./routes.js";

const access = z
  .object({
    id: number,
    subject: z.string(),
    displayName: z.string(),
    role: z.string(),
    tokenId: z.string(),
    studyInstanceUid: z.string().nullable(),
    patientKey: z.string().nullable(),
    reason: z.string(),
    sourceAddress: z.string(),
    userAgent: z.string(),
    expiresAt: instant,
    grantedAt: instant,
    endedAt: instant.nullable(),
    endedBy: z.string().nullable(),
    acknowledgedAt: instant.nullable(),
    acknowledgedBy: z.string().nullable(),
    acknowledgement: z.string().nullable(),
  })
  .meta({ id: "BreakGlassAccess" });

/** `/api/break-glass`, described. */
export const BREAK_GLASS_OPERATIONS: Operations = {
  "POST /api/break-glass": {
    id: "breakGlass",
    tag: "break-glass",
    summary: "Asks for access to a study or a patient out of one's reach",
    description: "Either `studyInstanceUid` or `patient`. Administrators are told.",
    needs: "break-glass",
    body: { schema: accessRequest },
    answers: { 201: { description: "Granted", schema: z.object({ id: number, expiresAt: instant }) } },
    problems: ["study-not-found", "already-in-reach"],
  },
  "GET /api/break-glass": {
    id: "listBreakGlass",
    tag: "break-glass",
    summary: "Accesses, the newest first",
    needs: "audit-logs",
    query: searchSchema,
    answers: { 200: { description: "A page", schema: z.object({ accesses: z.array(access) }) } },
    example: { query: { state: "open" } },
  },
  "POST /api/break-glass/:id/acknowledgement": {
    id: "acknowledgeBreakGlass",
    tag: "break-glass",
    summary: "Says that somebody has looked into it; not one's own",
    needs: "audit-logs",
    body: { schema: acknowledgement },
    answers: { 204: { description: "It is acknowledged" } },
    problems: ["no-such-break-glass", "own-break-glass"],
  },
  "DELETE /api/break-glass/:id": {
    id: "endBreakGlass",
    tag: "break-glass",
    summary: "Ends an access before its time: whoever asked, or an administrator",
    needs: "a token",
    answers: { 204: { description: "It is over" } },
    problems: ["no-such-break-glass"],
  },
};
