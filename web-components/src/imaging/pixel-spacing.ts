import { numbersOf, textOf, type DicomJson } from "./dicom-json.js";

/** Millimetres from a pixel's middle to the next one's. */
export interface PixelSpacing {
  /** From row to row. */
  readonly rowMm: number;
  /** From column to column. */
  readonly columnMm: number;
  /** At the detector: a projection enlarges what lies before it, so the patient's sizes are smaller (PS3.3 10.7.1.3). */
  readonly atDetector: boolean;
}

/**
 * Pixel Spacing (0028,0030), else Imager Pixel Spacing (0018,1164), which is the detector's. Nothing when neither is
 * there: then there are no millimetres.
 *
 * @param measures Pixel Measures of the frame (PS3.3 C.7.6.16.2.1), or the image itself
 */
export function pixelSpacing(metadata: DicomJson, measures: DicomJson = metadata): PixelSpacing | undefined {
  const own = pair(numbersOf(measures, "00280030"));
  const detector = pair(numbersOf(metadata, "00181164"));
  if (own === undefined) return detector && { ...detector, atDetector: true };
  // The same values without a calibration are the detector's too (PS3.3 10.7.1.3).
  const uncalibrated =
    detector !== undefined &&
    own.rowMm === detector.rowMm &&
    own.columnMm === detector.columnMm &&
    textOf(metadata, "00280A02") === undefined;
  return { ...own, atDetector: uncalibrated };
}

function pair(values: readonly number[] | undefined) {
  const [rowMm = 0, columnMm = 0] = values ?? [];
  return rowMm > 0 && columnMm > 0 && Number.isFinite(rowMm * columnMm) ? { rowMm, columnMm } : undefined;
}
