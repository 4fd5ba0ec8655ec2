import { message, type Language, type MessageKey } from "../../localization/messages.js";
import type { EarlierDecision, Review, ReviewReason } from "../../studies/review.js";

const DECIDED: Readonly<Record<Review["decision"], MessageKey>> = {
  accepted: "acceptedBy",
  rejected: "rejectedBy",
  edited: "correctedBy",
};

export const REASON_TEXT: Readonly<Record<ReviewReason, MessageKey>> = {
  quality: "reasonQuality",
  "wrong-series": "reasonWrongSeries",
  "false-positive": "reasonFalsePositive",
  "false-negative": "reasonFalseNegative",
  "wrong-boundary": "reasonWrongBoundary",
  other: "reasonOther",
};

/** How far a result is to be trusted: nobody has looked at it, or who decided what when. */
export function reviewLabel(language: Language, review: Review | null | undefined): string {
  if (review == null) return message(language, "notReviewed");
  const { decision, reviewer, decidedAt } = review;
  return decisionText(language, { decision, reviewer: reviewer.displayName, decidedAt });
}

export function decisionText(language: Language, { decision, reviewer, decidedAt }: EarlierDecision): string {
  const time = new Date(decidedAt).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  return message(language, DECIDED[decision], { name: reviewer, time });
}
