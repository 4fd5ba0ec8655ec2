import type { StudyFilter } from "./study-filter.js";

/** What decides who may reach a study. */
export interface StudyFacts {
  readonly studyInstanceUid: string;
  readonly orthancId: string;
  readonly patientKey: string;
  readonly labels: readonly string[];
}

/** Exact or superset conditions that narrow a search; what matches in the end is decided elsewhere. */
export interface StudyNarrowing {
  readonly studyInstanceUid?: string;
  readonly patientId?: string;
  readonly accessionNumber?: string;
  /** DICOM dates, both included. */
  readonly studyDateFrom?: string;
  readonly studyDateTo?: string;
}

/** Looks up studies for decisions about access. */
export interface StudyDirectory {
  /** Every study with this UID: studies of different patients may share one. Empty when none is known. */
  byUid(studyInstanceUid: string): Promise<readonly StudyFacts[]>;
  /** The study Orthanc knows by this identifier. */
  byOrthancId(orthancId: string): Promise<StudyFacts | null>;
  /** UIDs of at most `limit` studies that the filter lets through, newest first. */
  uidsWithin(filter: StudyFilter, narrowing: StudyNarrowing, limit: number): Promise<string[]>;
}
