import { Router } from "express";
import { ApiError } from "../error-response.js";
import { inTime } from "./in-time.js";

/** Jobs of each step of the pipeline, by their state in the queue. */
export type QueueDepth = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface Queue {
  readonly step: string;
  readonly waiting: number;
  readonly delayed: number;
  readonly running: number;
}

export function queuesOf(depth: QueueDepth): Queue[] {
  return Object.entries(depth).map(([step, jobs]) => ({
    step,
    // BullMQ keeps jobs with a priority, the background work, apart from the others that wait.
    waiting: (jobs["waiting"] ?? 0) + (jobs["prioritized"] ?? 0),
    delayed: jobs["delayed"] ?? 0,
    running: jobs["active"] ?? 0,
  }));
}

/** `/api/queues`: how much work waits and runs, for those who look after it. Names no patient. */
export function queueRoutes(depth: () => Promise<QueueDepth>): Router {
  const router = Router();
  router.get("/", async (_request, response) => {
    const found = await inTime(depth).catch(() => {
      throw new ApiError(503, "queue-unavailable", "The queue does not answer; try again soon.", {
        "Retry-After": "5",
      });
    });
    response.json({ queues: queuesOf(found) });
  });
  return router;
}
