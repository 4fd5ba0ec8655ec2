import type { AnalysisResult, Series, StudyDetails } from "../../studies/study.js";

/** Modalities whose instances are no images of their own (PS3.3 C.7.3.1.1.1). */
const NOT_IMAGES: ReadonlySet<string> = new Set([
  "SEG",
  "SR",
  "PR",
  "KO",
  "DOC",
  "AU",
  "ECG",
  "RTSTRUCT",
  "RTPLAN",
  "REG",
  "FID",
  "SMR",
  "ANN",
  "PLAN",
]);

export function hasImages({ modality }: Series): boolean {
  return !NOT_IMAGES.has(modality);
}

/** The SEG of a result that can be drawn: what was found, or where the model looked. */
export function drawableObject({ state, segmentation, attention }: AnalysisResult) {
  return state === "succeeded" ? (segmentation ?? attention) : undefined;
}

/** The finished result over a series that can be drawn. */
export function segmentedResult(
  study: StudyDetails,
  seriesInstanceUid: string | undefined,
): AnalysisResult | undefined {
  return study.results.find(
    (result) => result.sourceSeriesInstanceUid === seriesInstanceUid && drawableObject(result) !== undefined,
  );
}
