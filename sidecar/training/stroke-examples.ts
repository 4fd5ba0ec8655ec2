import { acquireCtSlice, CT_RESCALE_INTERCEPT } from "../src/phantom/acquire-ct.js";
import { axialGrid } from "../src/phantom/acquire.js";
import { createCtHead } from "../src/phantom/ct-head.js";
import { SeededRandom } from "../src/phantom/random.js";
import { tilted } from "./examples.js";

export const CT_SIZE = 64;
export const CT_SPACING_MM = 230.4 / CT_SIZE;
/** Pixels of the image per cell of the evidence map, in both directions. */
export const STRIDE = 4;
export const WINDOW = { centre: 40, width: 100 } as const;

/** One slice as the network sees it, and how much of each cell is stroke. */
export interface CtExample {
  readonly image: Float32Array;
  readonly evidence: Float32Array;
}

/** What the window makes of a stored value: 0 to 1. */
function windowed(sample: number): number {
  const hounsfield = sample + CT_RESCALE_INTERCEPT;
  return Math.min(1, Math.max(0, (hounsfield - WINDOW.centre + WINDOW.width / 2) / WINDOW.width));
}

/**
 * Slices of one phantom at the model's resolution: most of them through the stroke, if there is one. Every second head
 * is healthy. The noise is what is left of a scanner's after averaging to this resolution.
 */
export function ctExamplesOf(seed: number, slicesPerHead: number): CtExample[] {
  const random = new SeededRandom(seed * 31 + 11);
  const head = createCtHead({ seed, stroke: random.chance(0.5) ? "random" : "none" });
  const acquisition = { seed, noiseHu: random.between(0.8, 2.4), blurMm: random.between(0.6, 1.4) };
  const grid = tilted(axialGrid(40, CT_SIZE, CT_SIZE), random);
  return Array.from({ length: slicesPerHead }, (_, count) => {
    const { stroke } = head;
    const z =
      stroke !== undefined && count < 0.6 * slicesPerHead
        ? stroke.centreMm[2] + random.between(-1, 1) * stroke.radiusMm
        : random.between(-48, 72);
    const index = Math.round((z - grid.originMm[2]) / grid.sliceSpacingMm);
    const slice = acquireCtSlice(head, grid, Math.min(grid.slices - 1, Math.max(0, index)), acquisition);
    return { image: Float32Array.from(slice.samples, windowed), evidence: evidenceOf(slice.stroke) };
  });
}

/** Cells that are at least half stroke count fully. */
function evidenceOf(stroke: Uint8Array): Float32Array {
  const cells = CT_SIZE / STRIDE;
  const evidence = new Float32Array(cells * cells);
  stroke.forEach((inStroke, at) => {
    const cell = Math.floor(Math.floor(at / CT_SIZE) / STRIDE) * cells + Math.floor((at % CT_SIZE) / STRIDE);
    evidence[cell] = (evidence[cell] ?? 0) + (2 * inStroke) / STRIDE ** 2;
  });
  return evidence.map((share) => Math.min(1, share));
}
