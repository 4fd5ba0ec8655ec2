import type { StudyFilter } from "../authorization/study-filter.js";
import type { AnalysisRow, AnalysisState } from "../state/records.js";

/** A job: an analysis, with what it is of. */
export interface JobRow {
  readonly analysis: AnalysisRow;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
}

export interface JobFilter {
  readonly state?: AnalysisState | undefined;
  readonly model?: string | undefined;
  readonly studyInstanceUid?: string | undefined;
  readonly seriesInstanceUid?: string | undefined;
  /** Only jobs with a lower number: the next page. */
  readonly before?: number | undefined;
}

/** Where a series is. */
export interface SeriesPlace {
  /** Orthanc's. */
  readonly seriesId: string;
  readonly studyInstanceUid: string;
}

/** Jobs for people; the state itself is changed through `State`. */
export interface JobStore {
  /** Newest first, only of studies within the filter. */
  list(filter: JobFilter, within: StudyFilter, limit: number): Promise<JobRow[]>;
  find(id: number): Promise<JobRow | null>;
  /** Every series of this UID; more than one when patients share it. */
  seriesByUid(seriesInstanceUid: string): Promise<SeriesPlace[]>;
}
