import { ApiError } from "../error-response.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { NewReview, ReviewRow } from "../state/review-records.js";
import type { State } from "../state/state.js";
import type { FoundResult } from "./find-result.js";
import { reviewJob } from "./review-job.js";

export interface DecisionDependencies {
  readonly state: State;
  readonly queue: Pick<JobQueue, "add">;
}

/**
 * Records what a person decides about a result, with the event that tells of it; carrying it out is a job's. Of two
 * people at the same time one wins.
 * @returns the review, and whether that person had decided the same before
 * @throws ApiError 409 `already-reviewed` with who decided what and when; 409 `result-superseded`; 422
 * `idempotency-key-reused`
 */
export async function recordDecision(
  { analysis, series, study }: FoundResult,
  decision: Omit<NewReview, "analysisId" | "studyInstanceUid">,
  { state, queue }: DecisionDependencies,
): Promise<{ readonly review: ReviewRow; readonly repeated: boolean }> {
  const { id, modelName, modelVersion } = analysis;
  const { studyInstanceUid } = study;
  const recorded = await state.transaction(async (transaction) => {
    const outcome = await transaction.recordReview({ ...decision, analysisId: id, studyInstanceUid });
    if (outcome.outcome === "recorded")
      await transaction.appendEvent({
        event: `result.${decision.decision}`,
        studyInstanceUid,
        seriesInstanceUid: series.seriesInstanceUid,
        data: { analysis: id, model: modelName, version: modelVersion, reason: decision.reason },
      });
    return outcome;
  });
  switch (recorded.outcome) {
    case "recorded":
      // A queue that does not answer is filled by the refill later.
      await queue.add([reviewJob(recorded.review)]).catch(() => undefined);
      return { review: recorded.review, repeated: false };
    case "repeated":
      return { review: recorded.review, repeated: true };
    case "decided":
      throw alreadyReviewed(recorded.review);
    case "superseded":
      throw new ApiError(
        409,
        "result-superseded",
        "There is, or will be, another result: look at it again.",
        {},
        { reason: "result-superseded" },
        { reportSopInstanceUid: recorded.reportSopInstanceUid },
      );
    case "key-reused":
      throw new ApiError(
        422,
        "idempotency-key-reused",
        "This Idempotency-Key was used with another request.",
      );
  }
}

function alreadyReviewed({ decision, reviewer, decidedAt }: ReviewRow): ApiError {
  return new ApiError(
    409,
    "already-reviewed",
    "Somebody has decided about this result.",
    {},
    { reason: "already-reviewed" },
    { review: { decision, reviewer: reviewer.displayName, decidedAt: decidedAt.toISOString() } },
  );
}
