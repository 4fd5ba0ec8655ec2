import { z } from "zod";
import type { Operation, Operations } from "../openapi/operation.js";
import { figuresIfAny, findings, modelCaption, reason } from "../openapi/result-figures.js";
import { count, instant, uid } from "../openapi/values.js";
import { inferenceRequest } from "./routes.js";

const object = z
  .object({
    mediaType: z.literal("application/dicom"),
    href: z.string(),
    bytes: count,
    base64: z.string().nullable().meta({ description: "null beyond 4 MB: then only the link" }),
  })
  .meta({ id: "InferenceObject" });
const inference = z
  .object({
    id: z.string().meta({ format: "uuid" }),
    state: z.enum(["queued", "succeeded", "failed"]),
    model: modelCaption,
    input: z.object({
      level: z.enum(["series", "instance"]),
      studyInstanceUid: uid,
      seriesInstanceUid: uid,
      sopInstanceUids: z.array(uid).nullable(),
    }),
    createdAt: instant,
    finishedAt: instant.nullable(),
    expiresAt: instant,
    reason: reason.optional(),
    ...figuresIfAny,
    segments: findings.segments.optional(),
    scores: findings.scores.optional(),
    verification: z.literal("UNVERIFIED").optional(),
    segmentation: object.nullish().meta({ description: "null when the model found nothing" }),
    attention: object.nullish().meta({ description: "Where the model looked; null when it does not say so" }),
  })
  .meta({ id: "Inference" });

const path = { id: z.string().meta({ format: "uuid" }) };
const file = (description: string): Operation["answers"] => ({
  200: { description, mediaTypes: ["application/dicom"] },
});

/** `/api/inference`, described. */
export const INFERENCE_OPERATIONS: Operations = {
  "POST /api/inference": {
    id: "infer",
    tag: "direct-inference",
    summary: "Asks a model about a series or one image, and answers directly",
    description:
      "Nothing is stored in the archive and nothing told to other systems. The answer is kept for an hour, for who asked. A person may wait for 4 answers at a time. Of one image the model's minimum number of slices is not asked for.",
    needs: "run-model",
    headers: { Prefer: "`wait=N`: seconds to wait for the answer, 0 to 50 (RFC 7240); without it 30" },
    body: { schema: inferenceRequest },
    answers: {
      200: { description: "The answer", schema: inference, headers: { Location: "of the answer" } },
      202: {
        description: "Not answered yet: ask `Location` again",
        schema: inference,
        headers: { Location: "of the answer", "Retry-After": "seconds" },
      },
    },
    problems: [
      "no-such-model",
      "series-not-found",
      "instance-not-found",
      "series-ambiguous",
      "model-not-applicable",
      "inference-failed",
      "no-such-inference",
      "inference-busy",
    ],
    example: {
      headers: { Prefer: "wait=50" },
      body: { seriesInstanceUid: "$SERIES", sopInstanceUid: "$INSTANCE", model: "tumor_detection" },
    },
  },
  "GET /api/inference/:id": {
    id: "getInference",
    tag: "direct-inference",
    summary: "A question with its answer, for who asked",
    needs: "view",
    path,
    answers: { 200: { description: "The question", schema: inference } },
    problems: ["no-such-inference"],
  },
  "GET /api/inference/:id/segmentation": {
    id: "getInferenceSegmentation",
    tag: "direct-inference",
    summary: "The segmentation of an answer",
    needs: "view",
    path,
    answers: file("A DICOM SEG"),
    problems: ["no-such-inference", "no-such-object"],
  },
  "GET /api/inference/:id/attention": {
    id: "getInferenceAttention",
    tag: "direct-inference",
    summary: "Where the model looked",
    needs: "view",
    path,
    answers: file("A fractional DICOM SEG"),
    problems: ["no-such-inference", "no-such-object"],
  },
};
