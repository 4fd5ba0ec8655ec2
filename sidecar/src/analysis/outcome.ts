import type { AnalysisResult } from "../state/records.js";

/** An object made by a model, not stored yet. */
export interface MadeObject {
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly bytes: Uint8Array;
}

export type AnalyserOutcome =
  | {
      readonly kind: "succeeded";
      readonly segmentation: MadeObject | undefined;
      /** FRACTIONAL SEG of where the model looked. */
      readonly attention?: MadeObject | undefined;
      /** A picture for those who show neither SEG nor SR. */
      readonly summaryImage?: MadeObject | undefined;
      readonly report: MadeObject;
      readonly segments: AnalysisResult["segments"];
      readonly scores: NonNullable<AnalysisResult["scores"]>;
      readonly confidence: number | null;
      readonly engine: string;
      readonly modelMilliseconds: number;
    }
  | { readonly kind: "not-applicable"; readonly code: string; readonly reason: string };

export type SucceededOutcome = Extract<AnalyserOutcome, { readonly kind: "succeeded" }>;
