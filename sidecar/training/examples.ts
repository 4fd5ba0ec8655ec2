import { IntensitySample, normalise } from "../src/inference/normalise.js";
import { acquireSlice, axialGrid, type AcquisitionGrid } from "../src/phantom/acquire.js";
import { createHead } from "../src/phantom/head.js";
import { SeededRandom } from "../src/phantom/random.js";

export const EXAMPLE_SIZE = 128;
export const CLIP: readonly [number, number] = [0, 3];

/** One slice as the network sees it, and where the lesion is. */
export interface Example {
  readonly image: Float32Array;
  readonly lesion: Float32Array;
}

/**
 * Slices of one phantom at the model's resolution, normalised over the phantom as at run time: some through the
 * lesion, some elsewhere. One head in five is healthy.
 */
export function examplesOf(seed: number, slicesPerHead: number): Example[] {
  const random = new SeededRandom(seed * 31 + 7);
  const head = createHead({ seed, lesion: random.chance(0.2) ? "none" : "random" });
  const acquisition = {
    seed,
    scale: random.between(300, 2500),
    noise: random.between(0.006, 0.035),
    bias: random.between(0, 0.45),
  };
  const fine = tilted(axialGrid(60, EXAMPLE_SIZE, EXAMPLE_SIZE), random);
  const coarse: AcquisitionGrid = {
    ...fine,
    rows: 40,
    columns: 40,
    slices: 12,
    rowSpacingMm: 230.4 / 40,
    columnSpacingMm: 230.4 / 40,
    sliceSpacingMm: 10,
  };
  const overview = new IntensitySample(coarse.rows * coarse.columns * coarse.slices);
  for (let index = 0; index < coarse.slices; index++)
    overview.add(acquireSlice(head, coarse, index, acquisition).samples);
  const normalisation = overview.foregroundMedian();
  if (normalisation === undefined) throw new Error("a phantom without contrast");
  return Array.from({ length: slicesPerHead }, (_, count) => {
    const index =
      head.lesion !== undefined && count < 0.6 * slicesPerHead
        ? sliceNear(head.lesion.centreMm[2] + random.between(-1, 1) * head.lesion.radiusMm, fine)
        : random.chance(0.6)
          ? // Where the vessels are, which look most like a lesion and are none.
            sliceNear(random.between(-25, 45), fine)
          : Math.floor(random.between(0, fine.slices));
    const { samples, lesion } = acquireSlice(head, fine, index, acquisition);
    const image = Float32Array.from(samples);
    normalise(image, normalisation, CLIP);
    return { image, lesion: Float32Array.from(lesion) };
  });
}

function sliceNear(z: number, grid: AcquisitionGrid): number {
  const index = Math.round((z - grid.originMm[2]) / grid.sliceSpacingMm);
  return Math.min(grid.slices - 1, Math.max(0, index));
}

/** Heads do not lie straight, nor always in the middle. */
export function tilted(grid: AcquisitionGrid, random: SeededRandom): AcquisitionGrid {
  const angle = random.between(-0.2, 0.2);
  const nod = random.between(-0.15, 0.15);
  const shift = [random.between(-12, 12), random.between(-12, 12), random.between(-8, 8)] as const;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [cosNod, sinNod] = [Math.cos(nod), Math.sin(nod)];
  return {
    ...grid,
    originMm: [grid.originMm[0] + shift[0], grid.originMm[1] + shift[1], grid.originMm[2] + shift[2]],
    rowDirection: [cos, sin, 0],
    columnDirection: [-sin * cosNod, cos * cosNod, sinNod],
    sliceDirection: [sin * sinNod, -cos * sinNod, cosNod],
  };
}
