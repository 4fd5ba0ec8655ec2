import type { DataSet } from "../dicom/data-set.js";
import { TAG } from "../dicom/tag.js";
import { AnalysisError } from "./analysis-error.js";

/** What modality values are measured in: Hounsfield units, or the scanner's own arbitrary scale. */
export type IntensityUnits = "HU" | "arbitrary";

/** How stored values become modality values: `slope × stored + intercept` (PS3.3 C.11.1). */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
  readonly units: IntensityUnits;
  /** Stored value of pixels that are not of the image (PS3.3 C.7.5.1.1.2). */
  readonly paddingValue: number | undefined;
}

/**
 * @param transformation has Rescale Slope, Intercept and Type: the image itself, or a frame's Pixel Value
 *   Transformation; absent attributes mean that stored values are modality values
 * @throws AnalysisError `rescale-invalid` for a slope of 0 or no number; `rescale-missing` for a CT without: its stored
 *   values could be Hounsfield units or not
 */
export function rescaleOf(dataSet: DataSet, transformation: DataSet | undefined): Rescale {
  const [slope, intercept] = [TAG.RescaleSlope, TAG.RescaleIntercept].map((tag) => {
    if (transformation?.text(tag) === undefined) return undefined;
    const value = transformation.number(tag);
    if (value === undefined)
      throw new AnalysisError("rescale-invalid", "an image's Rescale Slope or Intercept is no number");
    return value;
  });
  if (slope === 0) throw new AnalysisError("rescale-invalid", "an image has a Rescale Slope of 0");
  const isCt = dataSet.string(TAG.Modality) === "CT";
  if (isCt && (slope === undefined || intercept === undefined))
    throw new AnalysisError("rescale-missing", "a CT image has no Rescale Slope and Intercept");
  // PS3.3 C.11.1.1.2: of CT, Hounsfield units where the type is absent.
  const type = transformation?.string(TAG.RescaleType) ?? (isCt ? "HU" : undefined);
  return {
    slope: slope ?? 1,
    intercept: intercept ?? 0,
    units: isCt && type === "HU" ? "HU" : "arbitrary",
    paddingValue: dataSet.number(TAG.PixelPaddingValue),
  };
}
