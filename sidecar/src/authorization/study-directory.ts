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
  /** The study that Orthanc's identifier of a study, series or instance belongs to. */
  byOrthancId(level: "study" | "series" | "instance", orthancId: string): Promise<StudyFacts | null>;
  /** Every label that any study has, sorted. */
  labels(): Promise<string[]>;
  /** UIDs of at most `limit` studies that the filter lets through, newest first. */
  uidsWithin(filter: StudyFilter, narrowing: StudyNarrowing, limit: number): Promise<string[]>;
}
