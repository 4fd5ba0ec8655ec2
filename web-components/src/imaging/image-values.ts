import type { Types } from "@cornerstonejs/core";
import type { PixelValues } from "./pixel-values.js";

/** The values of a decoded image in its modality's unit, whether the loader has rescaled them or not. */
export function imageValues(image: Types.IImage): PixelValues {
  const { rows, columns, slope, intercept, color, preScale } = image;
  if (color) return { rows, columns, valueAt: undefined };
  const samples = image.getPixelData();
  const scaled = preScale?.scaled === true;
  const valueAt = (column: number, row: number) => {
    const sample = samples[row * columns + column] ?? NaN;
    return scaled ? sample : sample * slope + intercept;
  };
  return { rows, columns, valueAt };
}
