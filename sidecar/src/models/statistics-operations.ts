import { z } from "zod";
import type { Operations } from "../openapi/operation.js";
import { count, instant } from "../openapi/values.js";
import { statisticsQuery } from "./statistics-routes.js";

const day = z.iso.date();
const spread = z
  .object({ median: count, p95: count })
  .nullable()
  .meta({ description: "Milliseconds, by nearest rank; null when none is known" });
const statistics = z
  .object({
    name: z.string(),
    since: day,
    days: z.array(
      z.object({
        day,
        version: z.string(),
        succeeded: count,
        failed: count,
        canceled: count,
        notApplicable: count,
        failures: z.record(z.string(), count).meta({ description: "How often each code was why one failed" }),
        modelMilliseconds: spread,
        waitMilliseconds: spread,
        accepted: count,
        rejected: count,
        edited: count,
        countedAt: instant,
      }),
    ),
  })
  .meta({ id: "ModelStatistics" });

/** `/api/ai/models`, described. */
export const MODEL_STATISTICS_OPERATIONS: Operations = {
  "GET /api/ai/models/:name/statistics": {
    id: "getModelStatistics",
    tag: "models",
    summary: "What a model did, day by day and version by version",
    description: "For who reaches every study: it is of all of them.",
    needs: "view",
    path: { name: z.string() },
    query: statisticsQuery,
    answers: { 200: { description: "Oldest day first", schema: statistics } },
    problems: ["no-such-model"],
    example: { path: { name: "tumor_detection" }, query: { since: "2026-01-01" } },
  },
};
