import { z } from "zod";
import type { Operation, Operations } from "../openapi/operation.js";
import { figures } from "../openapi/result-figures.js";
import { count, instant, number, objectAddress, uid } from "../openapi/values.js";
import { ANALYSIS_STATES } from "../state/records.js";
import { REVIEW_DECISIONS, REVIEW_REASONS, REVIEW_STATES } from "../state/review-records.js";
import { correctionQuery, decisionBody } from "./decision-body.js";

const reviewShape = {
  id: number,
  decision: z.enum(REVIEW_DECISIONS),
  reason: z.enum(REVIEW_REASONS).nullable(),
  comment: z.string().nullable(),
  reviewer: z.object({ username: z.string(), displayName: z.string(), organisation: z.string() }),
  decidedAt: instant,
  state: z.enum(REVIEW_STATES).meta({ description: "How far it has been carried out" }),
  failure: z.string().optional(),
  reportSopInstanceUid: uid.meta({ description: "The SR that was looked at" }),
  verifiedSopInstanceUid: uid.optional(),
};
export const review = z.object(reviewShape).meta({ id: "Review" });

const result = z
  .object({
    id: number,
    model: z.object({ name: z.string(), version: z.string() }),
    studyInstanceUid: uid,
    sourceSeriesInstanceUid: uid,
    state: z.enum(ANALYSIS_STATES),
    held: z.boolean().meta({ description: "Neither the archive nor FHIR has it until it is accepted" }),
    reportSopInstanceUid: uid,
    objects: z.array(objectAddress),
    ...figures,
    review: review.nullable(),
    history: z.array(z.object({ ...reviewShape, result: z.object(figures) })),
  })
  .meta({ id: "Result" });

const decision = z.object({
  count,
  share: z.number().min(0).max(1).nullable(),
  reasons: z.record(z.string(), count),
});
const agreement = z
  .object({
    model: z.string(),
    version: z.string(),
    reviewed: count,
    unreviewed: count,
    decisions: z.object({ accepted: decision, rejected: decision, edited: decision }),
  })
  .meta({ id: "ModelAgreement" });

const headers = { "Idempotency-Key": "has the decision made once" };
const decided: Operation["answers"] = {
  200: {
    description: "The decision",
    schema: review,
    headers: { "Idempotency-Replayed": "`true` when it had been made before" },
  },
};
const decisionProblems = [
  "no-such-result",
  "reviewer-not-a-person",
  "already-reviewed",
  "result-superseded",
  "idempotency-key-reused",
] as const;

/** `/api/ai/results` and `/api/ai/statistics`, described. */
export const REVIEW_OPERATIONS: Operations = {
  "GET /api/ai/results/:id": {
    id: "getResult",
    tag: "review",
    summary: "A model's result, with what people decided",
    description: "What is held needs `review`.",
    needs: "view",
    answers: { 200: { description: "The result", schema: result } },
    problems: ["no-such-result"],
  },
  "GET /api/ai/results/:id/objects/:sopInstanceUid": {
    id: "getHeldObject",
    tag: "review",
    summary: "An object of a held result",
    needs: "review",
    answers: { 200: { description: "A DICOM Part 10 file", mediaTypes: ["application/dicom"] } },
    problems: ["no-such-result"],
  },
  "POST /api/ai/results/:id/review": {
    id: "reviewResult",
    tag: "review",
    summary: "Accepts or rejects a result, as a person",
    description: "A rejection has a reason; the reason `other` needs a comment.",
    needs: "review",
    headers,
    body: { schema: decisionBody },
    answers: decided,
    problems: decisionProblems,
  },
  "PUT /api/ai/results/:id/segmentation": {
    id: "correctSegmentation",
    tag: "review",
    summary: "Accepts a result with a corrected segmentation",
    description: "The file alone, or a form of `segmentation` and `comment`.",
    needs: "review",
    query: correctionQuery,
    headers,
    body: { mediaTypes: ["application/dicom", "multipart/form-data"] },
    answers: decided,
    problems: [
      ...decisionProblems,
      "media-type-unsupported",
      "model-missing",
      "not-a-segmentation",
      "segmentation-unreadable",
      "segmentation-of-another",
      "segmentation-geometry",
      "segmentation-segments",
    ],
  },
  "GET /api/ai/statistics": {
    id: "getAgreement",
    tag: "review",
    summary: "How often people agreed with each model",
    needs: "review",
    answers: {
      200: { description: "By model and version", schema: z.object({ models: z.array(agreement) }) },
    },
    example: {},
  },
};
