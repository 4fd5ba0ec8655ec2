import type { DataSet } from "../dicom/data-set.js";
import { TAG } from "../dicom/tag.js";
import type { GreyWindow } from "./grey-levels.js";
import type { FrameToDraw } from "./picture.js";

/** Colours that a decoder gives back as red, green and blue (PS3.5 8.2.4). */
const RGB: ReadonlySet<string> = new Set(["RGB", "YBR_RCT", "YBR_ICT"]);

/**
 * What a data set says of how its frames are shown. A missing attribute is never guessed.
 * @param window stands in for the data set's own
 * @returns undefined for what is not drawn here: palettes, and what is described insufficiently
 */
export function describeFrame(
  dataSet: DataSet,
  window: GreyWindow | undefined,
): Pick<FrameToDraw, "format" | "greyScale"> | undefined {
  const rows = dataSet.number(TAG.Rows);
  const columns = dataSet.number(TAG.Columns);
  const bitsAllocated = dataSet.number(TAG.BitsAllocated);
  const bitsStored = dataSet.number(TAG.BitsStored);
  const samplesPerPixel = dataSet.number(TAG.SamplesPerPixel);
  const photometricInterpretation = dataSet.string(TAG.PhotometricInterpretation);
  const signed = dataSet.number(TAG.PixelRepresentation) === 1;
  if (
    rows === undefined ||
    columns === undefined ||
    bitsAllocated === undefined ||
    bitsStored === undefined ||
    samplesPerPixel === undefined ||
    photometricInterpretation === undefined
  )
    return undefined;
  const isGrey = samplesPerPixel === 1 && /^MONOCHROME[12]$/.test(photometricInterpretation);
  if (!isGrey && !(samplesPerPixel === 3 && RGB.has(photometricInterpretation))) return undefined;
  return {
    format: { rows, columns, bitsAllocated, bitsStored, samplesPerPixel, photometricInterpretation, signed },
    greyScale: {
      slope: dataSet.number(TAG.RescaleSlope) ?? 1,
      intercept: dataSet.number(TAG.RescaleIntercept) ?? 0,
      inverted: photometricInterpretation === "MONOCHROME1",
      window: window ?? ownWindow(dataSet),
    },
  };
}

function ownWindow(dataSet: DataSet): GreyWindow | undefined {
  const center = dataSet.number(TAG.WindowCenter);
  const width = dataSet.number(TAG.WindowWidth);
  return center === undefined || width === undefined || width <= 0
    ? undefined
    : { center, width, shape: "linear" };
}
