import { expect, test } from "vitest";
import type { AnalysisResult } from "../state/records.js";
import type { ReviewRow } from "../state/review-records.js";
import { standingReview } from "./standing-review.js";

const withReport = (uid: string) => ({
  id: 7,
  result: { report: { sopInstanceUid: uid } } as unknown as AnalysisResult,
});

function review(id: number, seen: string, rest: Partial<ReviewRow> = {}): ReviewRow {
  return {
    id,
    analysisId: 7,
    reportSopInstanceUid: seen,
    verifiedSopInstanceUid: null,
    decision: "accepted",
    state: "applied",
    ...rest,
  } as ReviewRow;
}

test("a review stands for the report that was looked at, and for the one that was verified by it", () => {
  const reviews = [review(1, "1.1", { verifiedSopInstanceUid: "1.2" })];
  expect(standingReview(withReport("1.1"), reviews)?.id).toBe(1);
  expect(standingReview(withReport("1.2"), reviews)?.id).toBe(1);
  expect(standingReview(withReport("1.3"), reviews)).toBeNull();
  expect(standingReview({ id: 8, result: withReport("1.1").result }, reviews)).toBeNull();
  expect(standingReview({ id: 7, result: null }, reviews)).toBeNull();
});

test("it amends what was final before, and nothing else", () => {
  const earlier = (rest: Partial<ReviewRow>) =>
    standingReview(withReport("2.1"), [review(1, "1.1", rest), review(2, "2.1")])?.amends;
  expect(earlier({})).toBe(true);
  expect(earlier({ decision: "edited" })).toBe(true);
  expect(earlier({ decision: "rejected" })).toBe(false);
  expect(earlier({ state: "superseded" })).toBe(false);
});
