import type { AnalysisResult, AnalysisRow, StoredObject, StudyRecord } from "../state/records.js";
import type { StandingReview } from "../state/review-records.js";
import { DEMONSTRATION_NOTICE, SYSTEM } from "./system.js";

export interface AnalysisSubject {
  readonly analysis: AnalysisRow;
  readonly result: AnalysisResult;
  readonly study: StudyRecord;
  readonly sourceSeriesInstanceUid: string;
  /** Modality (0008,0060) of the images; empty when they say none. */
  readonly modality: string;
  /** The model's title, for people. */
  readonly modelTitle: string;
  readonly patientReference: string;
  readonly imagingStudyReference: string;
  /** The model, as a Device. */
  readonly deviceReference: string;
  /** Who accepted or corrected the result, as a Practitioner; absent while nobody has. */
  readonly reviewerReference?: string | undefined;
}

/**
 * What the resources of an analysis are found again by: series and model, not the attempt. The series in the archive
 * as well as its UID, which two patients may share.
 */
export function analysisIdentifier({ analysis, sourceSeriesInstanceUid }: AnalysisSubject): string {
  return `${sourceSeriesInstanceUid}/${analysis.seriesId}/${analysis.modelName}/${analysis.modelVersion}`;
}

/** The review by which a result is final: a decision that is still to be carried out makes it so only then. */
export function finalReview({ review }: AnalysisRow): StandingReview | undefined {
  if (review == null || review.state !== "applied" || review.decision === "rejected") return undefined;
  return review;
}

/**
 * The status of report and observations alike (FHIR R4 diagnostic-report-status, observation-status): what nobody has
 * looked at is preliminary, also after an earlier result had been final; the next that somebody answers for amends that.
 */
export function statusOf(analysis: AnalysisRow): "preliminary" | "final" | "amended" {
  const review = finalReview(analysis);
  if (review === undefined) return "preliminary";
  return review.amends ? "amended" : "final";
}

/** When this version was made available: when the images were queued for the model, or somebody decided about it. */
export function issuedAt(analysis: AnalysisRow): string {
  return (finalReview(analysis)?.decidedAt ?? analysis.queuedAt).toISOString();
}

/** What a person reads of how far the result is to be trusted. */
export function standingOf(analysis: AnalysisRow): string {
  const review = finalReview(analysis);
  if (review === undefined) return `${DEMONSTRATION_NOTICE} Made by an algorithm, not reviewed.`;
  const made =
    review.decision === "edited"
      ? "Made by an algorithm, corrected on review."
      : "Made by an algorithm, accepted on review.";
  return `${DEMONSTRATION_NOTICE} ${made}`;
}

/** A logical reference to an object in the archive, by its UID. */
export function objectReference({ sopInstanceUid }: StoredObject, display: string) {
  return { identifier: { system: SYSTEM.dicomUid, value: `urn:oid:${sopInstanceUid}` }, display };
}
