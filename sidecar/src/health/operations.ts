import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { count, instant } from "../openapi/values.js";
import { destinationOverview } from "../outbox/operations.js";
import { CONCERNS } from "./status.js";

const dependencies = z.record(
  z.string(),
  z.object({ status: z.enum(["up", "down"]), reason: z.string().optional() }),
);
const readiness = z
  .object({
    status: z
      .enum(["ready", "not-ready", "stopping"])
      .meta({ description: "`stopping`: it was told to end, and answers what it was asked before" }),
    dependencies,
    roles: z.array(z.string()),
    engines: z.unknown().optional().meta({ description: "Of a process that runs models" }),
    breakers: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Readiness" });
const queue = z.object({ step: z.string(), waiting: count, delayed: count, running: count });

const schedule = z.object({
  name: z.string(),
  doneSlot: instant.nullable(),
  startedAt: instant,
  endedAt: instant,
  succeeded: z.boolean(),
  runs: count,
});
const status = z
  .object({
    state: z.enum(["well", "degraded", "down"]),
    at: instant,
    concerns: z.array(
      z.object({
        code: z.enum(CONCERNS),
        subject: z.string(),
        seconds: count.optional().meta({ description: "Of `work-late`: the age of the oldest" }),
      }),
    ),
    dependencies,
    queues: z.array(queue).nullable(),
    oldestSeconds: z
      .object({ rendition: z.number(), analysis: z.number(), inference: z.number() })
      .nullable(),
    renditions: z.record(z.string(), count).nullable().meta({ description: "Instances by state" }),
    destinations: z.array(destinationOverview).nullable(),
    schedules: z.array(schedule).nullable(),
    audit: z.object({ waiting: count, secondsSinceSeal: z.number() }).nullable(),
    lastBackup: instant.nullable(),
  })
  .meta({ id: "Status" });

/** `/api/health`, `/api/status` and `/api/queues`, described. */
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
  "GET /api/status": {
    id: "getStatus",
    tag: "health",
    summary: "How the installation is: what is wrong, what waits, since when",
    description: "A part that cannot be told is null, and `not-known` is among the concerns.",
    needs: "administer-work",
    answers: { 200: { description: "It answers, whatever the state", schema: status } },
    example: {},
  },
  "GET /api/queues": {
    id: "listQueues",
    tag: "health",
    summary: "How much work waits and runs",
    needs: "administer-work",
    answers: { 200: { description: "By step", schema: z.object({ queues: z.array(queue) }) } },
    problems: ["queue-unavailable"],
    example: {},
  },
};
