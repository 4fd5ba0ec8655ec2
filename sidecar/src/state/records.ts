import type { OrthancId, Uid } from "../dicom/uid.js";
import type { AnalysisResult, ResultFigures } from "./analysis-result.js";
import type { StandingReview } from "./review-records.js";

export type { AnalysisResult, ResultFigures, StoredObject } from "./analysis-result.js";

/** A study as first told by one of its instances. Patient attributes are those of the image, in UTF-8. */
export interface StudyRecord {
  readonly orthancId: OrthancId;
  readonly studyInstanceUid: Uid;
  /** Who the patient is here: issuer and Patient ID, hashed. Everything of one patient is delivered in order. */
  readonly patientKey: string;
  readonly patientId: string;
  readonly issuerOfPatientId: string;
  /** PN with its component groups, `alphabetic=ideographic=phonetic` (PS3.5 6.2.1). */
  readonly patientName: string;
  /** YYYYMMDD or empty. */
  readonly patientBirthDate: string;
  readonly patientSex: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly studyDescription: string;
  readonly accessionNumber: string;
}

export type SeriesState = "receiving" | "stable";

export interface SeriesRecord {
  readonly orthancId: OrthancId;
  readonly studyId: OrthancId;
  readonly seriesInstanceUid: Uid;
  readonly modality: string;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string;
  readonly bodyPartExamined: string;
}

/** How far an instance's rendition is. `dropped`: retention removed it; the original answers, until a backfill asks. */
export const RENDITION_STATES = ["pending", "rendered", "not-renderable", "failed", "dropped"] as const;
export type RenditionState = (typeof RENDITION_STATES)[number];

/** Whether work on an instance goes before, or waits for, everything that arrives now. */
export type Urgency = "live" | "background";

export interface InstanceRecord {
  readonly orthancId: OrthancId;
  readonly seriesId: OrthancId;
  readonly sopInstanceUid: Uid;
  readonly sopClassUid: string;
  /** Orthanc's uuid of the stored file: it changes when the instance is overwritten. */
  readonly fileUuid: string;
  readonly transferSyntaxUid: string;
  readonly instanceNumber: number | null;
  readonly numberOfFrames: number;
}

/** An instance as it is first remembered. */
export interface ArrivedInstance extends InstanceRecord {
  /** When the archive received it; null when the archive does not say: now. */
  readonly receivedAt: Date | null;
  readonly urgency: Urgency;
  /** The trace it belongs to, as W3C Trace Context writes it; null or absent when it is of none. */
  readonly traceparent?: string | null;
}

export interface InstanceRow extends InstanceRecord {
  readonly rendition: RenditionState;
  /** RENDITION_FORMAT of the attachment that is there; null when there is none. */
  readonly renditionFormat: number | null;
  readonly renditionMd5: string | null;
  readonly reason: string | null;
  readonly attempts: number;
  /** When the archive received this file. */
  readonly arrivedAt: Date;
  readonly urgency: Urgency;
  /** The trace it belongs to, as W3C Trace Context writes it; null or absent when it is of none. */
  readonly traceparent?: string | null;
}

/** What is remembered of an HTJ2K rendition; the bytes are Orthanc's. */
export interface RenditionRecord {
  readonly format: number;
  readonly renditionBytes: number;
  /** Of the whole attachment, in hexadecimal: other bytes at its place are not the rendition that was made. */
  readonly renditionMd5: string;
  readonly pixelBytes: number;
}

export const ANALYSIS_STATES = [
  "queued",
  "running",
  "succeeded",
  "failed",
  "not-applicable",
  "canceled",
] as const;
export type AnalysisState = (typeof ANALYSIS_STATES)[number];

/** Scheduled Procedure Step Priority (0074,1200). */
export const ANALYSIS_PRIORITIES = ["high", "medium", "low"] as const;
export type AnalysisPriority = (typeof ANALYSIS_PRIORITIES)[number];

/** What an analysis is of. */
export interface AnalysisInputOf {
  /** Over the SOP Instance UIDs and stored files. */
  readonly digest: string;
  /** Frames. */
  readonly slices: number;
}

/** That a person asks for an analysis, and how urgently. */
export interface AnalysisRequest {
  readonly priority: AnalysisPriority;
  /** Their subject. */
  readonly requestedBy: string;
}

/** One model's work on one series. */
export interface AnalysisRow {
  readonly id: number;
  readonly seriesId: OrthancId;
  readonly modelName: string;
  readonly modelVersion: string;
  /** Over the SOP Instance UIDs and stored files the analysis is of. */
  readonly inputDigest: string;
  readonly state: AnalysisState;
  readonly code: string | null;
  readonly reason: string | null;
  readonly attempts: number;
  readonly priority: AnalysisPriority;
  /** Subject of the person who asked for it; null when it was the arrival of the series. */
  readonly requestedBy: string | null;
  /** Frames of the series when it was queued. */
  readonly slices: number;
  readonly slicesDone: number;
  /** How often a worker that had it running did not come back. */
  readonly interruptions: number;
  /** Somebody wants it to end; whoever works on it ends it. */
  readonly cancelRequested: boolean;
  /** When this input was first queued: the date in SEG and SR, so that a repeat writes the same bytes. */
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Of a shadow analysis always null: it leaves nothing. */
  readonly result: AnalysisResult | null;
  /** What was decided about this result; null or absent while nobody has. */
  readonly review?: StandingReview | null;
  /** Whether the model ran beside the record; see models/model-modes.ts. */
  readonly shadow: boolean;
  /** The figures of a shadow analysis. */
  readonly shadowResult: ResultFigures | null;
  /** The trace it belongs to, as W3C Trace Context writes it; null or absent when it is of none. */
  readonly traceparent?: string | null;
}
