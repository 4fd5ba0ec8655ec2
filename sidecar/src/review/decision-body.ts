import { z } from "zod";
import { isUid } from "../dicom/uid.js";
import { REVIEW_REASONS } from "../state/review-records.js";

const uid = z.string().refine(isUid, { error: "must be a DICOM UID" });
const reason = z.enum(REVIEW_REASONS);
const comment = z.string().trim().min(1).max(2_000);

/** Body of `POST /api/ai/results/{analysisId}/review`. */
export const decisionBody = z
  .strictObject({
    decision: z.enum(["accepted", "rejected"]),
    /** The SR that was looked at. */
    reportSopInstanceUid: uid,
    reason: reason.optional(),
    comment: comment.optional(),
  })
  .refine(({ decision, reason }) => (decision === "rejected") === (reason !== undefined), {
    error: "a rejection has a reason, an acceptance has none",
    path: ["reason"],
  })
  .refine(({ reason, comment }) => reason !== "other" || comment !== undefined, {
    error: "says what the other reason is",
    path: ["comment"],
  });

/** What is said with a correction. */
export const correctionComment = comment.optional();

/** Query of `PUT /api/ai/results/{analysisId}/segmentation`; its body is the segmentation. Free text does not go there. */
export const correctionQuery = z.strictObject({
  reportSopInstanceUid: uid,
  reason: reason.exclude(["other"]).optional(),
});
