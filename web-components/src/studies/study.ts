import type { Review } from "./review.js";

/** A study as `/api/studies` lists it. */
export interface Study {
  readonly studyInstanceUid: string;
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
    /** By retention: shown as stored. */
    readonly dropped: number;
  };
  readonly analysis: "none" | "waiting" | "running" | "succeeded" | "failed";
  /** What people decided about the results there are. */
  readonly review: {
    readonly state: "none" | "unreviewed" | "partly-reviewed" | "reviewed";
    readonly decisions: readonly Review["decision"][];
  };
  readonly fhir: {
    readonly state: "none" | "waiting" | "synchronised" | "failed";
    readonly at?: string;
    readonly since?: string;
    readonly reason?: string;
  };
}

export interface Series {
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string;
  readonly instanceCount: number;
  readonly state: "receiving" | "stable";
  readonly notRenderable: readonly { readonly sopInstanceUid: string; readonly reason: string }[];
  readonly failed: readonly { readonly sopInstanceUid: string; readonly reason: string }[];
}

export interface AnalysisProgress {
  readonly slicesDone: number;
  readonly slices: number;
}

/** A model that the reader may have look at series of the study. */
export interface RunnableModel {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly notice: string;
  readonly seriesInstanceUids: readonly string[];
}

export interface AnalysisResult {
  readonly id: number;
  readonly model: {
    readonly name: string;
    readonly version: string;
    readonly title: string;
    readonly notice: string;
  };
  readonly state: "queued" | "running" | "succeeded" | "failed" | "not-applicable" | "canceled";
  /** Why it came to nothing: a stable code, and what was seen. */
  readonly code?: string;
  readonly reason?: string;
  /** Of one that is running, in slices. */
  readonly progress?: AnalysisProgress;
  readonly sourceSeriesInstanceUid: string;
  readonly segmentation?: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string };
  /** A FRACTIONAL SEG of where the model looked. */
  readonly attention?: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string };
  /** A Secondary Capture of what was found, with the figures burned in. */
  readonly summaryImage?: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string };
  readonly report?: { readonly seriesInstanceUid: string; readonly sopInstanceUid: string };
  /** Names the result in a decision about it, also when the archive does not show it (any more). */
  readonly reportSopInstanceUid?: string;
  /** Waits for somebody to accept it; only reviewers see it. */
  readonly held?: boolean;
  readonly review?: Review | null;
  readonly verification?: "VERIFIED" | "UNVERIFIED";
  readonly segments: readonly {
    readonly number: number;
    readonly label: string;
    readonly volumeMl: number;
    /** null: nothing was found. */
    readonly longestDiameterMm?: number | null;
    readonly colorRgb: readonly [number, number, number];
  }[];
  readonly scores?: readonly {
    readonly name: string;
    readonly title: string;
    readonly value: number;
    readonly range: readonly [number, number];
    /** What the numbers mean, in words. */
    readonly meaning: string;
    readonly band?: { readonly label: string };
  }[];
  readonly confidence?: number | null;
  readonly engine?: string;
  readonly modelMilliseconds?: number;
}

/** How far another system is with something. */
export interface Synchronisation {
  readonly destination: "fhir" | "openemr";
  readonly state: "waiting" | "synchronised" | "failed";
  /** ISO 8601: when it was brought there last, if ever. */
  readonly synchronisedAt?: string;
  /** ISO 8601: when the oldest change that waits was made. */
  readonly waitingSince?: string;
  readonly code?: string;
  readonly reason?: string;
}

export interface StudyDetails extends Study {
  /** Orthanc's own name of the study. */
  readonly orthancId: string;
  readonly series: readonly Series[];
  readonly results: readonly AnalysisResult[];
  /** Whether the reader may decide about results. */
  readonly mayReview?: boolean;
  /** Whether the reader may ask for, cancel and retry models' work on it. */
  readonly mayRunModel?: boolean;
  /** For who may. */
  readonly runnableModels?: readonly RunnableModel[];
  readonly fhirResources: readonly {
    readonly resourceType: string;
    readonly id: string;
    readonly synchronisedAt: string;
  }[];
  readonly synchronisation: {
    readonly study: readonly Synchronisation[];
    readonly results: readonly {
      readonly analysis: number;
      readonly destinations: readonly Synchronisation[];
    }[];
  };
  /** Whether the reader may have what failed delivered again. */
  readonly mayReplay: boolean;
}
