import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { count } from "../openapi/values.js";

const readiness = z
  .object({
    status: z
      .enum(["ready", "not-ready", "stopping"])
      .meta({ description: "`stopping`: it was told to end, and answers what it was asked before" }),
    dependencies: z.record(
      z.string(),
      z.object({ status: z.enum(["up", "down"]), reason: z.string().optional() }),
    ),
    roles: z.array(z.string()),
    engines: z.unknown().optional().meta({ description: "Of a process that runs models" }),
    breakers: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Readiness" });
const queue = z.object({ step: z.string(), waiting: count, delayed: count, running: count });

/** `/api/health` and `/api/queues`, described. */
export const HEALTH_OPERATIONS: Operations = {
  "GET /api/health/live": {
    id: "getLiveness",
    tag: "health",
    summary: "Whether the process runs",
    needs: "nothing",
    answers: { 200: { description: "It does", schema: z.object({ status: z.literal("live") }) } },
    example: {},
  },
  "GET /api/health/ready": {
    id: "getReadiness",
    tag: "health",
    summary: "Whether everything it needs answers",
    needs: "nothing",
    answers: {
      200: { description: "It does", schema: readiness },
      503: { description: "Something does not, or the process ends", schema: readiness },
    },
    example: {},
  },
  "GET /api/queues": {
    id: "listQueues",
    tag: "health",
    summary: "How much work waits and runs",
    needs: "administer-work",
    answers: { 200: { description: "By step", schema: z.object({ queues: z.array(queue) }) } },
    example: {},
  },
};
