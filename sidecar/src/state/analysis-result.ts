import type { OrthancId, Uid } from "../dicom/uid.js";
import type { MeanIntensity } from "../structured-report/measured-segment.js";
import type { RiskScore } from "../structured-report/risk-score.js";

export interface StoredObject {
  /** null while the object is held for review: it is not in the archive. */
  readonly orthancId: OrthancId | null;
  readonly seriesInstanceUid: Uid;
  readonly sopInstanceUid: Uid;
}

/** What a model found, without the objects that say it: all that is kept of a shadow, or of a direct question. */
export type ResultFigures = Omit<
  AnalysisResult,
  "segmentation" | "attention" | "report" | "summaryImage" | "held"
>;

/** What an analysis left in Orthanc, and its figures. */
export interface AnalysisResult {
  readonly segmentation: StoredObject | null;
  readonly report: StoredObject;
  readonly segments: readonly {
    readonly number: number;
    readonly label: string;
    readonly volumeMl: number;
    /** null: nothing was found. Absent in results of before there was one; so are the others that may be. */
    readonly longestDiameterMm?: number | null;
    readonly meanIntensity?: MeanIntensity | null;
    readonly colorRgb: readonly [number, number, number];
  }[];
  readonly scores?: readonly RiskScore[];
  /** Where the model looked: a FRACTIONAL SEG. */
  readonly attention?: StoredObject | null;
  /** A picture for those who show neither SEG nor SR. */
  readonly summaryImage?: StoredObject | null;
  /** 0 to 1, or null when the model found nothing to be confident of. */
  readonly confidence: number | null;
  readonly engine: string;
  readonly modelMilliseconds: number;
  /** Kept here until it is accepted: neither the archive nor FHIR has it. */
  readonly held?: boolean;
}
