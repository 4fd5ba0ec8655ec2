import type { AnalysisResult } from "../../state/records.js";
import type { ReviewRow } from "../../state/review-records.js";

/** A row of `review` as {@link reviewRow} reads it. */
export const REVIEW_COLUMNS = `review.id, review.analysis_id AS analysisId, review.study_instance_uid AS studyInstanceUid,
  review.model_name AS modelName, review.model_version AS modelVersion,
  review.report_sop_instance_uid AS reportSopInstanceUid, review.decision, review.reason, review.comment,
  review.reviewer_subject AS subject, review.reviewer_username AS username, review.reviewer_name AS displayName,
  review.reviewer_organisation AS organisation, review.decided_at AS decidedAt, review.state, review.failure,
  review.verified_sop_instance_uid AS verifiedSopInstanceUid,
  review.corrected_sop_instance_uid AS correctedSopInstanceUid, review.original,
  review.request_hash AS requestHash, review.traceparent`;

/**
 * Joins an analysis to the review of the result it has now, as standing-review.ts finds it. A verified report is in the
 * result by its own UID, one that is not by the UID that was decided about.
 */
export const REVIEW_THAT_STANDS = `review.analysis_id = analysis.id
  AND CONVERT(JSON_UNQUOTE(JSON_EXTRACT(analysis.result, '$.report.sopInstanceUid')) USING ascii) COLLATE ascii_bin
    IN (review.report_sop_instance_uid, review.verified_sop_instance_uid)`;

export interface ReviewColumns extends Omit<ReviewRow, "reviewer" | "original"> {
  readonly subject: string;
  readonly username: string;
  readonly displayName: string;
  readonly organisation: string;
  /** JSON. */
  readonly original: string;
  readonly requestHash: string | null;
}

export function reviewRow(columns: ReviewColumns): ReviewRow {
  const { subject, username, displayName, organisation } = columns;
  return {
    id: columns.id,
    analysisId: columns.analysisId,
    studyInstanceUid: columns.studyInstanceUid,
    modelName: columns.modelName,
    modelVersion: columns.modelVersion,
    reportSopInstanceUid: columns.reportSopInstanceUid,
    decision: columns.decision,
    reason: columns.reason,
    comment: columns.comment,
    reviewer: { subject, username, displayName, organisation },
    decidedAt: columns.decidedAt,
    state: columns.state,
    failure: columns.failure,
    verifiedSopInstanceUid: columns.verifiedSopInstanceUid,
    correctedSopInstanceUid: columns.correctedSopInstanceUid,
    original: JSON.parse(columns.original) as AnalysisResult,
    traceparent: columns.traceparent ?? null,
  };
}
