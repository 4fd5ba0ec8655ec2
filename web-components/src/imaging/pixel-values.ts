import { numbersOf, textOf, type DicomJson } from "./dicom-json.js";

/** The pixels of an image as values of its modality. */
export interface PixelValues {
  readonly rows: number;
  readonly columns: number;
  /** Row by row; undefined for colour, which has no values of a modality. */
  readonly valueAt: ((column: number, row: number) => number) | undefined;
}

/**
 * What the values mean after the rescale: `HU` only for CT with a rescale, a PET's Units (0054,1001), else Rescale Type
 * (0028,1054) where it says more than "unspecified"; empty when nothing is known.
 *
 * @param transformation Pixel Value Transformation of the frame (PS3.3 C.7.6.16.2.9), or the image itself
 */
export function valueUnit(metadata: DicomJson, transformation: DicomJson = metadata): string {
  const modality = textOf(metadata, "00080060");
  const type = textOf(transformation, "00281054");
  const rescaled = numbersOf(transformation, "00281053")?.[0] !== undefined;
  if (modality === "PT") return textOf(metadata, "00541001") ?? "";
  if (!rescaled || type === "US") return "";
  return type ?? (modality === "CT" ? "HU" : "");
}
