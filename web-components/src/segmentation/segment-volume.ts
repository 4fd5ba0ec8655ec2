import { inVoxels, type SampledPlane } from "../imaging/reslice.js";
import type { SeriesImage } from "../imaging/series-images.js";
import type { Vector } from "../imaging/vector.js";
import { length, minus, plus, pointAt, scaled, type VolumeGrid } from "../imaging/volume-grid.js";
import type { DrawnSegments } from "./draw-overlay.js";
import { framesOnImage, type Segmentation, type SegmentationFrame } from "./read-segmentation.js";

type FramesBySlice = readonly (readonly SegmentationFrame[])[];

/**
 * A segmentation over a volume. What a plane has of it is that of the nearest voxel, never something between: a label has
 * no half. Its frames stay as they were read; nothing of the size of the volume is kept.
 */
export class SegmentVolume {
  /** Where the segmentation's own voxels lie: on the slices of the images, over the same field of view. */
  private readonly grid: VolumeGrid;
  /** Of each segment that has any, by Segment Number. */
  private readonly frames = new Map<number, FramesBySlice>();

  /**
   * @param images slices of the volume in their order, each of which a frame covers wholly (`misfit`)
   * @param grid where their voxels lie
   */
  constructor(
    private readonly segmentation: Segmentation,
    images: readonly SeriesImage[],
    grid: VolumeGrid,
  ) {
    this.grid = resampled(grid, segmentation);
    const slices = images.map((image) => framesOnImage(segmentation, image));
    for (const { number } of segmentation.segments) {
      const own = slices.map((frames) => frames.filter(({ segmentNumber }) => segmentNumber === number));
      if (own.some((frames) => frames.length > 0)) this.frames.set(number, own);
    }
  }

  /** The segments on a plane: a frame of the plane's pixels for each that it cuts. */
  onPlane(plane: SampledPlane): DrawnSegments {
    const { segments } = this.segmentation;
    const voxels = nearestVoxels(plane, this.grid);
    const frames = [...this.frames].flatMap(([segmentNumber, slices]) => {
      const pixels = sample(voxels, slices);
      return pixels === undefined ? [] : [{ segmentNumber, coverage: () => pixels }];
    });
    return { rows: plane.height, columns: plane.width, segments, frames };
  }

  /**
   * The voxel of a segment that is nearest to its centre of mass, which itself may lie outside.
   * @returns millimetres of the patient; undefined when the segment is nowhere
   */
  middleOf(segmentNumber: number): Vector | undefined {
    let mass = 0;
    let sum: Vector = [0, 0, 0];
    this.forEachVoxel(segmentNumber, (voxel, share) => {
      mass += share;
      sum = plus(sum, scaled(voxel, share));
    });
    if (mass === 0) return undefined;
    const centre = pointAt(this.grid, scaled(sum, 1 / mass));
    let nearest: Vector = centre;
    let least = Infinity;
    this.forEachVoxel(segmentNumber, (voxel) => {
      const point = pointAt(this.grid, voxel);
      const away = length(minus(point, centre));
      if (away < least) [nearest, least] = [point, away];
    });
    return nearest;
  }

  /** @param visit told column, row and slice, and how much of the voxel is of the segment */
  private forEachVoxel(segmentNumber: number, visit: (voxel: Vector, share: number) => void): void {
    const { columns } = this.grid;
    for (const [slice, frames] of (this.frames.get(segmentNumber) ?? []).entries())
      for (const frame of frames)
        frame.coverage().forEach((share, at) => {
          if (share > 0) visit([at % columns, Math.floor(at / columns), slice], share);
        });
  }
}

/** The same volume with as many rows and columns as the segmentation has. */
function resampled(grid: VolumeGrid, { rows, columns }: Segmentation): VolumeGrid {
  const [perColumn, perRow] = [grid.columns / columns, grid.rows / rows];
  return {
    ...grid,
    rows,
    columns,
    // Both begin at the same outer corner, half a pixel of their own before the middle of the first.
    origin: pointAt(grid, [(perColumn - 1) / 2, (perRow - 1) / 2, 0]),
    columnStep: scaled(grid.columnStep, perColumn),
    rowStep: scaled(grid.rowStep, perRow),
  };
}

/** The voxel that the middle of each pixel lies in. */
interface NearestVoxels {
  /** From 0; −1 outside the volume. */
  readonly slices: Int32Array;
  /** Row by row within the slice. */
  readonly pixels: Int32Array;
}

function nearestVoxels(plane: SampledPlane, grid: VolumeGrid): NearestVoxels {
  const { width, height } = plane;
  const { start, right, down } = inVoxels(plane, grid);
  const slices = new Int32Array(width * height).fill(-1);
  const pixels = new Int32Array(width * height);
  for (let y = 0, at = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1, at += 1) {
      const along = (axis: 0 | 1 | 2) => Math.floor(start[axis] + x * right[axis] + y * down[axis] + 0.5);
      const [column, row, slice] = [along(0), along(1), along(2)];
      if (column < 0 || row < 0 || slice < 0) continue;
      if (column >= grid.columns || row >= grid.rows || slice >= grid.slices) continue;
      slices[at] = slice;
      pixels[at] = row * grid.columns + column;
    }
  return { slices, pixels };
}

/** @returns how much of each pixel is of the segment, 0 to 255; undefined when the plane does not cut it */
function sample({ slices, pixels }: NearestVoxels, frames: FramesBySlice): Uint8Array | undefined {
  let sampled: Uint8Array | undefined;
  for (let at = 0; at < slices.length; at += 1)
    for (const frame of frames[slices[at] ?? -1] ?? []) {
      const value = frame.coverageAt(pixels[at] ?? 0);
      if (value === 0) continue;
      sampled ??= new Uint8Array(slices.length);
      sampled[at] = Math.max(sampled[at] ?? 0, value);
    }
  return sampled;
}
