import { z } from "zod";
import type { Operation, Operations } from "../openapi/operation.js";
import { figures, modelCaption, progress, reason } from "../openapi/result-figures.js";
import { count, instant, number, objectAddress, uid } from "../openapi/values.js";
import { ANALYSIS_PRIORITIES, ANALYSIS_STATES } from "../state/records.js";
import { PROCEDURE_STEP_STATES } from "./job-view.js";
import { jobRequest, jobSearch } from "./routes.js";

const shape = {
  id: number,
  model: modelCaption,
  studyInstanceUid: uid,
  seriesInstanceUid: uid,
  state: z.enum(ANALYSIS_STATES),
  procedureStepState: z
    .enum([...new Set(Object.values(PROCEDURE_STEP_STATES))])
    .meta({ description: "Procedure Step State (0074,1000), as IHE AI Workflow for Imaging knows it" }),
  priority: z.enum(ANALYSIS_PRIORITIES),
  requestedBy: z.string().nullable().meta({ description: "null when it was the arrival" }),
  cancelRequested: z.boolean(),
  attempts: count,
  progress,
  queuedAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
  reason: reason.optional(),
};
const job = z.object(shape).meta({ id: "Job" });
const jobDetails = z
  .object({
    ...shape,
    input: z.object({
      digest: z.string().meta({ description: "Over the SOP Instance UIDs and stored files" }),
      sopInstanceUids: z
        .array(uid)
        .nullable()
        .meta({ description: "null when instances came or went since" }),
    }),
    output: z
      .object({
        ...figures,
        segmentation: objectAddress.nullable(),
        attention: objectAddress.nullable(),
        report: objectAddress,
      })
      .optional(),
  })
  .meta({ id: "JobDetails" });

const asItIsNow: Operation["answers"] = { 202: { description: "The job as it is now", schema: job } };

/** `/api/ai/jobs`, described. */
export const JOB_OPERATIONS: Operations = {
  "POST /api/ai/jobs": {
    id: "requestJobs",
    tag: "ai-jobs",
    summary: "Has a model look at a study's series, or at one series",
    description:
      "What was analysed already, or waits to be, is answered as it is: asking twice makes one job. Of a study those series are taken that the model is for; a body part or a description that keeps the model away by itself does not keep it away here.",
    needs: "run-model",
    body: { schema: jobRequest },
    answers: {
      202: {
        description: "The jobs, new or known",
        schema: z.object({ jobs: z.array(job) }),
        headers: { Location: "of the job, when there is one" },
      },
    },
    problems: [
      "no-such-model",
      "study-not-found",
      "study-forbidden",
      "series-not-found",
      "series-receiving",
      "study-ambiguous",
      "series-ambiguous",
      "model-not-applicable",
    ],
    example: { body: { seriesInstanceUid: "$SERIES", model: "tumor_detection", priority: "high" } },
  },
  "GET /api/ai/jobs": {
    id: "listJobs",
    tag: "ai-jobs",
    summary: "Jobs within reach, the newest first",
    needs: "view",
    query: jobSearch,
    answers: {
      200: {
        description: "A page; `next` is the `before` of the next",
        schema: z.object({
          jobs: z.array(job),
          mayChange: z
            .boolean()
            .meta({ description: "Whether one may have jobs done, cancel and retry them" }),
          next: number.optional(),
        }),
      },
    },
    example: { query: { state: "succeeded", studyInstanceUid: "$STUDY" } },
  },
  "GET /api/ai/jobs/:id": {
    id: "getJob",
    tag: "ai-jobs",
    summary: "A job with its input and output",
    needs: "view",
    answers: { 200: { description: "The job", schema: jobDetails } },
    problems: ["no-such-job"],
  },
  "POST /api/ai/jobs/:id/cancel": {
    id: "cancelJob",
    tag: "ai-jobs",
    summary: "Ends a job without a result",
    description:
      "One that nobody has begun is canceled at once; one in progress within moments (`cancelRequested` until then), and what was stored of it is withdrawn. Canceling twice is no error.",
    needs: "run-model",
    answers: asItIsNow,
    problems: ["no-such-job", "study-forbidden", "job-over"],
  },
  "POST /api/ai/jobs/:id/retry": {
    id: "retryJob",
    tag: "ai-jobs",
    summary: "Has a job done again that failed, was canceled or did not apply",
    needs: "run-model",
    answers: asItIsNow,
    problems: ["no-such-job", "study-forbidden", "job-not-over"],
  },
};
