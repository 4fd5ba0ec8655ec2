import type { StudyFilter } from "../authorization/study-filter.js";
import type { AnalysisState, SeriesState } from "../state/records.js";
import type { StudySearch } from "./study-search.js";
import type { ReviewDecision } from "../state/review-records.js";

export interface StudySummary {
  readonly studyInstanceUid: string;
  readonly orthancId: string;
  readonly patientId: string;
  readonly patientName: string;
  readonly patientSex: string;
  readonly patientBirthDate: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
  readonly modalities: readonly string[];
  readonly seriesCount: number;
  readonly instanceCount: number;
  readonly rendition: {
    readonly pending: number;
    readonly rendered: number;
    readonly notRenderable: number;
    readonly failed: number;
    /** By retention; shown as stored. */
    readonly dropped: number;
  };
  readonly analysis: "none" | "waiting" | "running" | "succeeded" | "failed";
  /** What people decided about the results there are. */
  readonly review: ReviewOfStudy;
  readonly fhir: {
    readonly state: "none" | "waiting" | "synchronised" | "failed";
    /** When it was synchronised last; changes since then may wait or have failed. */
    readonly at?: string;
    /** Of a state "waiting": when the oldest change that waits was made. */
    readonly since?: string;
    readonly reason?: string;
  };
}

export interface ReviewOfStudy {
  /** `none`: there is no result to decide about. */
  readonly state: "none" | "unreviewed" | "partly-reviewed" | "reviewed";
  readonly decisions: readonly ReviewDecision[];
}

/** A series, and what is to be said of its instances, without them: there may be thousands. */
export interface SeriesOverview {
  readonly orthancId: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string;
  readonly state: SeriesState;
  readonly instanceCount: number;
  readonly frameCount: number;
  /** Instances that have no rendition and why, in the order of their numbers. */
  readonly notRenderable: readonly InstanceReason[];
  readonly failed: readonly InstanceReason[];
}

export interface InstanceReason {
  readonly sopInstanceUid: string;
  readonly reason: string;
}

export interface WrittenFhirResource {
  readonly resourceType: string;
  readonly id: string;
  readonly synchronisedAt: string;
}

export interface Failure {
  /** `arrival`: an instance that was refused, by its Orthanc id; its study is not known. */
  readonly kind: "arrival" | "rendition" | "analysis" | "review" | "fhir";
  readonly id: string;
  readonly studyInstanceUid: string;
  readonly reason: string;
  readonly attempts: number;
}

export interface StudyPage {
  /** Of all pages. */
  readonly total: number;
  readonly studies: StudySummary[];
  /** What the next page is after; null on the last. */
  readonly next: string | null;
}

/** Views over the state for people: study lists, what failed. */
export interface Catalogue {
  /**
   * Only studies within the filter are found and counted.
   *
   * @returns null when the study the page is to be after is not there (any more)
   */
  search(search: StudySearch, within: StudyFilter): Promise<StudyPage | null>;
  summary(studyId: string): Promise<StudySummary | null>;
  /** By series number. */
  series(studyId: string): Promise<SeriesOverview[]>;
  fhirResources(studyId: string): Promise<WrittenFhirResource[]>;
  failures(limit: number): Promise<Failure[]>;
}

/** The state a person reads off several analyses: the most pressing one. */
export function overallAnalysis(states: ReadonlySet<AnalysisState>): StudySummary["analysis"] {
  if (states.has("running")) return "running";
  if (states.has("queued")) return "waiting";
  if (states.has("failed")) return "failed";
  return states.has("succeeded") ? "succeeded" : "none";
}

/** How far the results of a study have been reviewed. */
export function overallReview(found: ReadonlySet<ReviewDecision | "unreviewed">): ReviewOfStudy {
  const decisions = [...found].filter((decision) => decision !== "unreviewed").sort();
  if (found.size === 0) return { state: "none", decisions };
  if (!found.has("unreviewed")) return { state: "reviewed", decisions };
  return { state: decisions.length === 0 ? "unreviewed" : "partly-reviewed", decisions };
}
