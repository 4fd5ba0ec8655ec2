import type { Job } from "../pipeline/job-queue.js";
import type { ReviewRow } from "../state/review-records.js";

/** The job that carries a decision out. */
export function reviewJob({ id, reportSopInstanceUid }: Pick<ReviewRow, "id" | "reportSopInstanceUid">): Job {
  return { step: "apply-review", key: String(id), stamp: reportSopInstanceUid };
}
