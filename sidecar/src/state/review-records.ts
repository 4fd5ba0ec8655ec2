import type { AnalysisResult } from "./analysis-result.js";

export const REVIEW_DECISIONS = ["accepted", "rejected", "edited"] as const;
export type ReviewDecision = (typeof REVIEW_DECISIONS)[number];

/** Why a result was rejected or edited; `other` needs a comment. Stable: rows, events and metrics hold it. */
export const REVIEW_REASONS = [
  "quality",
  "wrong-series",
  "false-positive",
  "false-negative",
  "wrong-boundary",
  "other",
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** The person who answers for a decision. */
export interface Reviewer {
  /** The token's subject, as in the audit trail: `account:7`, `oidc:<issuer>#<sub>`. */
  readonly subject: string;
  readonly username: string;
  readonly displayName: string;
  readonly organisation: string;
}

/**
 * How far a decision has been carried out. `superseded`: the result was replaced before it could be (an image came
 * late); the new result is unreviewed.
 */
export const REVIEW_STATES = ["pending", "applied", "superseded", "failed"] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** What a person decided about one result: an analysis and the SR that they looked at. Never changes, never goes. */
export interface ReviewRow {
  readonly id: number;
  readonly analysisId: number;
  readonly studyInstanceUid: string;
  readonly modelName: string;
  readonly modelVersion: string;
  /** The SR the reviewer looked at. */
  readonly reportSopInstanceUid: string;
  readonly decision: ReviewDecision;
  readonly reason: ReviewReason | null;
  readonly comment: string | null;
  readonly reviewer: Reviewer;
  readonly decidedAt: Date;
  readonly state: ReviewState;
  /** Why it could not be carried out. */
  readonly failure: string | null;
  /** The SR that this person verified by it; null for a rejection. */
  readonly verifiedSopInstanceUid: string | null;
  /** The corrected SEG of an edit, in the objects that are kept here. */
  readonly correctedSopInstanceUid: string | null;
  /** The result as it was when it was decided about. */
  readonly original: AnalysisResult;
  /** The trace it belongs to, as W3C Trace Context writes it; null or absent when it is of none. */
  readonly traceparent?: string | null;
}

/** The review of a result that stands now. */
export interface StandingReview extends ReviewRow {
  /** Whether an earlier result of the analysis had been final (FHIR R4 DiagnosticReport.status `amended`). */
  readonly amends: boolean;
}

export type NewReview = Pick<
  ReviewRow,
  | "analysisId"
  | "studyInstanceUid"
  | "reportSopInstanceUid"
  | "decision"
  | "reason"
  | "comment"
  | "reviewer"
  | "decidedAt"
  | "verifiedSopInstanceUid"
  | "correctedSopInstanceUid"
> & {
  /** Of the request's Idempotency-Key, and of its body. */
  readonly idempotency: { readonly keyHash: string; readonly requestHash: string } | null;
};

export type RecordedReview =
  /** `repeated`: the same person had decided the same before. */
  | { readonly outcome: "recorded" | "repeated"; readonly review: ReviewRow }
  /** Somebody, perhaps oneself, has decided something else. */
  | { readonly outcome: "decided"; readonly review: ReviewRow }
  /** There is another result by now, or it is being made; null while there is none. */
  | { readonly outcome: "superseded"; readonly reportSopInstanceUid: string | null }
  | { readonly outcome: "key-reused" };

/** Counts of one model version's reviews. */
export interface ReviewCount {
  readonly modelName: string;
  readonly modelVersion: string;
  readonly decision: ReviewDecision;
  readonly reason: ReviewReason | null;
  readonly count: number;
}

/** Writes to reviews, in one transaction with what follows from them. */
export interface ReviewTransaction {
  /** Records a decision about the result as it is now, once: whoever comes second is told who came first. */
  recordReview(review: NewReview): Promise<RecordedReview>;
  /**
   * The decision is carried out: `result` takes the place of the one it was about.
   * @returns false when that one has been replaced meanwhile: the review is `superseded` then
   */
  finishReview(id: number, result: AnalysisResult): Promise<boolean>;
  /** The result was replaced before the decision was carried out. */
  supersedeReview(id: number): Promise<void>;
  failReview(id: number, reason: string): Promise<boolean>;
  /** A failed one is to be carried out again; false when it has not failed. */
  retryReview(id: number): Promise<boolean>;
}

export interface ReviewReads {
  review(id: number): Promise<ReviewRow | null>;
  /** Every review of an analysis, the oldest first. */
  reviewsOfAnalysis(analysisId: number): Promise<ReviewRow[]>;
  /** Decisions that are still to be carried out. */
  pendingReviews(limit: number): Promise<{ id: number; reportSopInstanceUid: string }[]>;
  reviewCounts(): Promise<ReviewCount[]>;
  /** Results that nobody has reviewed, by model and version. */
  unreviewedCounts(): Promise<{ modelName: string; modelVersion: string; count: number }[]>;
}
