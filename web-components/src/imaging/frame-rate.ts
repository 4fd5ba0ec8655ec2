import { numbersOf, type DicomJson } from "./dicom-json.js";

/** Without a word of the image about it. */
const USUAL = 10;
export const FRAME_RATES = { least: 1, most: 60 } as const;

/**
 * Frames per second a series is to be played at: Recommended Display Frame Rate (0008,2144), Cine Rate (0018,0040), or
 * what Frame Time (0018,1063) in milliseconds makes (PS3.3 C.7.6.5).
 */
export function frameRateOf(metadata: DicomJson): number {
  const first = (tag: string) => numbersOf(metadata, tag)?.find((value) => value > 0);
  const time = first("00181063");
  const rate = first("00082144") ?? first("00180040") ?? (time === undefined ? USUAL : 1_000 / time);
  return Math.min(FRAME_RATES.most, Math.max(FRAME_RATES.least, Math.round(rate)));
}
