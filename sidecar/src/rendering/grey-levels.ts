/** How stored values become levels of grey (PS3.3 C.7.6.3, C.11.1, C.11.2). */
export interface GreyScale {
  readonly slope: number;
  readonly intercept: number;
  /** After the rescale; from the darkest to the brightest value that is there where none is given. */
  readonly window?: GreyWindow | undefined;
  /** MONOCHROME1: the lowest value is white. */
  readonly inverted: boolean;
}

export interface GreyWindow {
  readonly center: number;
  readonly width: number;
  readonly shape: "linear" | "linear-exact" | "sigmoid";
}

/** One byte for each sample. */
export function greyLevels(samples: ArrayLike<number>, scale: GreyScale): Uint8Array {
  const { slope, intercept, inverted } = scale;
  const level = levelOf(scale.window ?? wholeRange(samples, slope, intercept));
  const levels = new Uint8Array(samples.length);
  for (let index = 0; index < samples.length; index += 1) {
    const grey = Math.round(255 * level((samples[index] ?? 0) * slope + intercept));
    levels[index] = inverted ? 255 - grey : grey;
  }
  return levels;
}

/** From 0 to 1, by C.11.2.1.2 and C.11.2.1.3. */
function levelOf({ center, width, shape }: GreyWindow): (value: number) => number {
  const clipped = (level: number) => Math.min(1, Math.max(0, level));
  if (shape === "sigmoid") return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
  if (shape === "linear-exact") return (value) => clipped((value - center) / width + 0.5);
  if (width <= 1) return (value) => (value <= center - 0.5 ? 0 : 1);
  return (value) => clipped((value - (center - 0.5)) / (width - 1) + 0.5);
}

function wholeRange(samples: ArrayLike<number>, slope: number, intercept: number): GreyWindow {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let index = 0; index < samples.length; index += 1) {
    const value = (samples[index] ?? 0) * slope + intercept;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  const width = Math.max(highest - lowest, 1);
  return { center: lowest + width / 2, width, shape: "linear-exact" };
}
