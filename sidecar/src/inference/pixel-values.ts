import type { DataSet } from "../dicom/data-set.js";
import type { DecodedFrame, PixelFormat } from "../dicom/frame.js";
import { TAG } from "../dicom/tag.js";
import { AnalysisError } from "./analysis-error.js";
import type { Rescale } from "./rescale.js";

/**
 * The sample format a data set promises (PS3.3 C.7.6.3); nothing is guessed.
 * @throws AnalysisError `pixel-format-unknown` or `not-greyscale`
 */
export function pixelFormatOf(dataSet: DataSet): PixelFormat {
  const numbers = {
    rows: dataSet.number(TAG.Rows),
    columns: dataSet.number(TAG.Columns),
    bitsAllocated: dataSet.number(TAG.BitsAllocated),
    bitsStored: dataSet.number(TAG.BitsStored),
    pixelRepresentation: dataSet.number(TAG.PixelRepresentation),
  };
  const { rows, columns, bitsAllocated, bitsStored, pixelRepresentation } = numbers;
  const photometricInterpretation = dataSet.string(TAG.PhotometricInterpretation);
  if (
    rows === undefined ||
    columns === undefined ||
    bitsAllocated === undefined ||
    bitsStored === undefined ||
    pixelRepresentation === undefined ||
    photometricInterpretation === undefined
  ) {
    throw new AnalysisError("pixel-format-unknown", "an image does not say how its pixels are stored");
  }
  if (bitsStored < 1 || bitsStored > bitsAllocated)
    throw new AnalysisError(
      "pixel-format-unknown",
      `an image says ${bitsStored} of ${bitsAllocated} bits are stored`,
    );
  if (bitsAllocated !== 8 && bitsAllocated !== 16)
    throw new AnalysisError("pixel-format-unknown", `images of ${bitsAllocated} bits are not analysed`);
  if (!/^MONOCHROME[12]$/.test(photometricInterpretation) || (dataSet.number(TAG.SamplesPerPixel) ?? 1) !== 1)
    throw new AnalysisError("not-greyscale", `images in ${photometricInterpretation} are not analysed`);
  return {
    rows,
    columns,
    samplesPerPixel: 1,
    bitsAllocated,
    bitsStored,
    signed: pixelRepresentation === 1,
    photometricInterpretation,
  };
}

/**
 * Modality values of a frame: the bits that are stored (PS3.5 8.1.1: of those above High Bit nothing may be assumed, they
 * hold overlays, no sign, or anything), its own Rescale Slope and Intercept (PS3.3 C.11.1), pixel padding as the lowest
 * value. MONOCHROME1 is turned around within its range so that bright is high for every model, except where values are
 * Hounsfield units: those are slope × stored + intercept however they are shown.
 * @throws AnalysisError `frame-mismatch`
 */
export function modalityValues(frame: DecodedFrame, expected: PixelFormat, rescale: Rescale): Float32Array {
  const { samples } = frame;
  if (
    frame.rows !== expected.rows ||
    frame.columns !== expected.columns ||
    frame.signed !== expected.signed ||
    samples.length !== expected.rows * expected.columns
  ) {
    throw new AnalysisError("frame-mismatch", "a decoded frame is not what its data set says");
  }
  const { slope, intercept, paddingValue, units } = rescale;
  const { bitsStored, signed } = expected;
  const lowest = signed ? -(2 ** (bitsStored - 1)) : 0;
  const highest = lowest + 2 ** bitsStored - 1;
  const inverted = expected.photometricInterpretation === "MONOCHROME1" && units !== "HU";
  const unused = 32 - bitsStored;
  const values = new Float32Array(samples.length);
  for (let at = 0; at < values.length; at++) {
    const sample = samples[at] ?? 0;
    const bits = signed ? (sample << unused) >> unused : (sample << unused) >>> unused;
    // Padding may lie outside of what the stored bits can say.
    const isPadding = sample === paddingValue || bits === paddingValue;
    const stored = isPadding ? (inverted ? highest : lowest) : bits;
    values[at] = slope * (inverted ? lowest + highest - stored : stored) + intercept;
  }
  return values;
}
