import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { count } from "../openapi/values.js";

const kind = z.enum(["arrival", "rendition", "analysis", "review", "fhir"]);
const failure = z
  .object({ kind, id: z.string(), studyInstanceUid: z.string(), reason: z.string(), attempts: count })
  .meta({ id: "Failure" });

/** `/api/failures`, described. */
export const FAILURE_OPERATIONS: Operations = {
  "GET /api/failures": {
    id: "listFailures",
    tag: "outbox",
    summary: "Work that failed, with its reason; at most 1,000",
    needs: "administer-work",
    answers: {
      200: { description: "Of studies within reach", schema: z.object({ failures: z.array(failure) }) },
    },
    example: {},
  },
  "POST /api/failures/:kind/:id/retry": {
    id: "retryFailure",
    tag: "outbox",
    summary: "Has failed work done again",
    needs: "administer-work",
    path: { kind, id: z.string() },
    answers: { 202: { description: "It waits", schema: z.object({ accepted: z.literal(true) }) } },
    problems: ["no-such-failure"],
  },
};
