import type { AnalysisRow } from "../state/records.js";
import type { ReviewRow, StandingReview } from "../state/review-records.js";

/**
 * The review of the result that an analysis has now: the one about its SR, or the one by which its SR was verified. A
 * result of another input has another SR, so it is unreviewed.
 * @param reviews of any analyses, the oldest first
 */
export function standingReview(
  { id, result }: Pick<AnalysisRow, "id" | "result">,
  reviews: readonly ReviewRow[],
): StandingReview | null {
  const uid = result?.report.sopInstanceUid;
  if (uid === undefined) return null;
  const own = reviews.filter(({ analysisId }) => analysisId === id);
  const standing = own.find((review) => isAbout(review, uid));
  if (standing === undefined) return null;
  const amends = own.some(
    (review) => review.id < standing.id && review.state === "applied" && review.decision !== "rejected",
  );
  return { ...standing, amends };
}

/** Whether a review is about the result with this SR. */
export function isAbout(
  {
    reportSopInstanceUid,
    verifiedSopInstanceUid,
  }: Pick<ReviewRow, "reportSopInstanceUid" | "verifiedSopInstanceUid">,
  uid: string,
): boolean {
  return reportSopInstanceUid === uid || verifiedSopInstanceUid === uid;
}

/** Whether a person answers for the result: it was accepted or corrected, and that has been carried out. */
export function isAnsweredFor({ review }: Pick<AnalysisRow, "review">): boolean {
  return review?.state === "applied" && review.decision !== "rejected";
}

/** Whether a result is still where it was put: a rejected one is not. */
export function isWithdrawn({ review }: Pick<AnalysisRow, "review">): boolean {
  return review?.decision === "rejected";
}

/** Whether it waits for somebody to accept it, and only reviewers are to see it. */
export function isHeld({ result }: Pick<AnalysisRow, "result">): boolean {
  return result?.held === true;
}
