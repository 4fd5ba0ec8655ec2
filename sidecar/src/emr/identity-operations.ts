import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { instant, recordId, uid } from "../openapi/values.js";
import { worklistPage } from "./identity-routes.js";
import { mergeRequest, undoRequest } from "./merge-patients.js";
import { actor } from "./record-schema.js";
import { resolution } from "./resolve-identity.js";

const merge = z
  .object({
    id: recordId,
    mergedId: recordId.meta({ description: "The patient that stands no longer for itself" }),
    survivorId: recordId,
    reason: z.string(),
    mergedAt: instant,
    mergedBy: actor,
    moved: z.array(z.object({ kind: z.string(), id: recordId })),
    undone: z.object({ at: instant, by: actor, reason: z.string() }).nullable(),
  })
  .meta({ id: "Merge" });
const item = z
  .object({
    id: recordId,
    kind: z.enum(["study", "duplicate", "chart"]),
    state: z.enum(["open", "resolved"]),
    openedAt: instant,
    reasons: z.array(z.string()),
    candidates: z.array(recordId),
    study: z
      .object({
        studyInstanceUid: uid,
        patientId: z.string(),
        issuerOfPatientId: z.string(),
        patientName: z.string(),
        patientBirthDate: z.string(),
        patientSex: z.string(),
        accessionNumber: z.string(),
      })
      .nullable(),
    resolution: z
      .object({
        action: z.string(),
        patientId: recordId.nullable(),
        at: instant,
        by: actor.nullable().meta({ description: "null: it settled itself" }),
        comment: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: "IdentityItem" });
const path = { id: recordId };

/** Merges and the identity worklist, described. */
export const IDENTITY_OPERATIONS: Operations = {
  "GET /api/emr/patients/:id/merges": {
    id: "listMerges",
    tag: "identity",
    summary: "Merges of a patient's record, in force or undone",
    needs: "resolve-identity",
    path,
    answers: { 200: { description: "All", schema: z.object({ merges: z.array(merge) }) } },
    problems: ["no-such-record"],
    example: { path: { id: "$PATIENT" } },
  },
  "POST /api/emr/merges": {
    id: "mergePatients",
    tag: "identity",
    summary: "Makes two records of one person one: the merged one's records move to the survivor",
    needs: "resolve-identity",
    body: { schema: mergeRequest },
    answers: { 201: { description: "The merge", schema: merge } },
    problems: ["no-such-record", "patient-merged", "patient-withdrawn"],
  },
  "POST /api/emr/merges/:id/undo": {
    id: "undoMerge",
    tag: "identity",
    summary: "Takes a merge back: what was moved goes back",
    needs: "resolve-identity",
    path,
    body: { schema: undoRequest },
    answers: { 200: { description: "The merge", schema: merge } },
    problems: ["no-such-merge", "merge-undone", "merge-not-last"],
  },
  "GET /api/emr/identity-worklist": {
    id: "listIdentityItems",
    tag: "identity",
    summary: "Whose a study is, to be decided by a person; the oldest first",
    needs: "resolve-identity",
    query: worklistPage,
    answers: {
      200: {
        description: "A page; `next` is the `cursor` of the next",
        schema: z.object({ items: z.array(item), next: z.string().nullable() }),
      },
    },
    example: {},
  },
  "POST /api/emr/identity-worklist/:id/resolve": {
    id: "resolveIdentity",
    tag: "identity",
    summary: "Decides an item",
    needs: "resolve-identity",
    path,
    body: { schema: resolution },
    answers: { 200: { description: "The item", schema: item } },
    problems: ["no-such-identity-item", "identity-item-resolved", "not-a-candidate"],
  },
};
