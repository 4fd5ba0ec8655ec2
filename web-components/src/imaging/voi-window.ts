/** A window as DICOM and people name it: Window Width (0028,1051) and Window Center (0028,1050). */
export interface VoiWindow {
  readonly width: number;
  readonly centre: number;
}

/** Values shown black, at or below `lower`, and white, at or above `upper`. */
export interface VoiRange {
  readonly lower: number;
  readonly upper: number;
}

/** The range of a window by the function LINEAR (PS3.3 C.11.2.1.2.1): one less than its width. */
export function rangeOf({ width, centre }: VoiWindow): VoiRange {
  return { lower: centre - 0.5 - (width - 1) / 2, upper: centre - 0.5 + (width - 1) / 2 };
}

/** The window that has this range. */
export function windowOf({ lower, upper }: VoiRange): VoiWindow {
  return { width: upper - lower + 1, centre: (upper + lower) / 2 + 0.5 };
}
