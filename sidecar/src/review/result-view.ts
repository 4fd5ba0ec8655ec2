import { objectsOf } from "../analysis/store-result.js";
import type { AnalysisResult } from "../state/records.js";
import type { ReviewRow } from "../state/review-records.js";
import type { FoundResult } from "./find-result.js";
import { isHeld, isWithdrawn } from "./standing-review.js";

/** A review as people read it. */
export function reviewView({ reviewer, decidedAt, ...review }: ReviewRow) {
  const { id, decision, reason, comment, state, failure, reportSopInstanceUid, verifiedSopInstanceUid } =
    review;
  return {
    id,
    decision,
    reason,
    comment,
    reviewer: {
      username: reviewer.username,
      displayName: reviewer.displayName,
      organisation: reviewer.organisation,
    },
    decidedAt: decidedAt.toISOString(),
    state,
    ...(failure === null ? {} : { failure }),
    reportSopInstanceUid,
    ...(verifiedSopInstanceUid === null ? {} : { verifiedSopInstanceUid }),
  };
}

/** `GET /api/ai/results/{analysisId}` */
export function resultView({ analysis, series, study }: FoundResult, reviews: readonly ReviewRow[]) {
  const { id, modelName, modelVersion, state, result, review } = analysis;
  return {
    id,
    model: { name: modelName, version: modelVersion },
    studyInstanceUid: study.studyInstanceUid,
    sourceSeriesInstanceUid: series.seriesInstanceUid,
    state,
    held: isHeld(analysis),
    reportSopInstanceUid: result.report.sopInstanceUid,
    objects: isWithdrawn(analysis)
      ? []
      : objectsOf(result).map(({ seriesInstanceUid, sopInstanceUid }) => ({
          seriesInstanceUid,
          sopInstanceUid,
        })),
    ...figuresOf(result),
    review: review == null ? null : reviewView(review),
    history: reviews.map((past) => ({ ...reviewView(past), result: figuresOf(past.original) })),
  };
}

/** What the model says, without where it is. */
function figuresOf({ segments, scores = [], confidence, engine, modelMilliseconds }: AnalysisResult) {
  return { segments, scores, confidence, engine, modelMilliseconds };
}
