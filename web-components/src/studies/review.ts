import type { Schemas } from "../api/schemas.js";
import { fetchJson } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** Why a result may be rejected, as the server takes it; `other` needs a comment. */
export const REVIEW_REASONS = [
  "quality",
  "wrong-series",
  "false-positive",
  "false-negative",
  "wrong-boundary",
  "other",
] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** What somebody decided about a result. */
export type Review = Schemas["Review"];

export type Decision = Schemas["ReviewResultBody"];

/** Who was first, when somebody else has decided about the same result. */
export interface EarlierDecision {
  readonly decision: Review["decision"];
  readonly reviewer: string;
  readonly decidedAt: string;
}

/** @throws HttpProblem `already-reviewed` with the earlier decision as `review`; `result-superseded` */
export function sendDecision(analysis: number, decision: Decision, token: TokenProvider): Promise<Review> {
  return fetchJson<Review>(`/api/ai/results/${analysis}/review`, token, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(decision),
  });
}

export interface Correction {
  readonly file: Uint8Array<ArrayBuffer>;
  /** The SR that is on screen. */
  readonly reportSopInstanceUid: string;
  readonly reason?: Exclude<ReviewReason, "other">;
  readonly comment?: string;
}

/** @throws HttpProblem as {@link sendDecision}; 422 with what does not fit */
export function sendCorrection(
  analysis: number,
  { file, reportSopInstanceUid, reason, comment }: Correction,
  token: TokenProvider,
): Promise<Review> {
  const query = new URLSearchParams({ reportSopInstanceUid, ...(reason === undefined ? {} : { reason }) });
  const body = new FormData();
  body.append("segmentation", new Blob([file], { type: "application/dicom" }));
  if (comment !== undefined) body.append("comment", comment);
  return fetchJson<Review>(`/api/ai/results/${analysis}/segmentation?${query}`, token, {
    method: "PUT",
    body,
  });
}
