import { longestDiameterMm } from "./longest-diameter.js";
import type { SegmentManifest } from "./model-manifest.js";
import type { Island, IslandRun, SegmentIslands } from "./segment-islands.js";
import type { VolumeGeometry } from "./volume.js";

export interface SegmentMeasurement {
  readonly segment: SegmentManifest;
  readonly voxelCount: number;
  /** Voxels times the volume of one: row spacing × column spacing × distance between slices. */
  readonly volumeMl: number;
  /** Between the centres of the two voxels of one island that are farthest apart; null when nothing was found. */
  readonly longestDiameterMm: number | null;
  /** Mean of the modality values over the segment's voxels; null when nothing was found. */
  readonly meanIntensity: number | null;
  /** Mean probability over the segment's voxels, 0 to 1; null when it has none. */
  readonly meanProbability: number | null;
}

export interface MeasuredLabels {
  /** On the source's grid, in the order of its slices: rows × columns Segment Numbers, 0 for none. */
  readonly labels: readonly Uint8Array[];
  readonly measurements: readonly SegmentMeasurement[];
}

/** Drops the islands that are too small, and measures what is left of each segment. */
export function measureSegments(
  islands: SegmentIslands,
  segments: readonly SegmentManifest[],
  geometry: VolumeGeometry,
): MeasuredLabels {
  const voxelMl = (geometry.rowSpacingMm * geometry.columnSpacingMm * geometry.sliceSpacingMm) / 1000;
  const kept = islands.finish((label) => (segments[label - 1]?.minimumVolumeMl ?? 0) / voxelMl);
  return {
    labels: labelPlanes(kept, geometry),
    measurements: segments.map((segment) => measure(segment, kept, geometry, voxelMl)),
  };
}

function measure(
  segment: SegmentManifest,
  kept: ReadonlyMap<Island, readonly IslandRun[]>,
  geometry: VolumeGeometry,
  voxelMl: number,
): SegmentMeasurement {
  let [voxelCount, probability, intensity, diameterMm] = [0, 0, 0, 0];
  for (const [island, runs] of kept) {
    if (island.label !== segment.number) continue;
    voxelCount += island.voxelCount;
    probability += island.probability;
    intensity += island.intensity;
    diameterMm = Math.max(diameterMm, longestDiameterMm(runs, geometry));
  }
  const found = voxelCount > 0;
  return {
    segment,
    voxelCount,
    // To a cubic millimetre and a hundredth: more digits would claim a precision that is not there.
    volumeMl: Math.round(voxelCount * voxelMl * 1000) / 1000,
    longestDiameterMm: found ? Math.round(diameterMm * 100) / 100 : null,
    meanIntensity: found ? Math.round((intensity / voxelCount) * 100) / 100 : null,
    meanProbability: found ? Math.min(1, probability / voxelCount) : null,
  };
}

/** Planes without a label are one and the same: of a long series most are empty. */
function labelPlanes(
  kept: ReadonlyMap<Island, readonly IslandRun[]>,
  { rows, columns, slices }: VolumeGeometry,
): Uint8Array[] {
  const empty = new Uint8Array(rows * columns);
  const planes = slices.map(() => empty);
  for (const [{ label }, runs] of kept) {
    for (const { plane, row, start, end } of runs) {
      if (planes[plane] === empty) planes[plane] = new Uint8Array(rows * columns);
      planes[plane]?.fill(label, row * columns + start, row * columns + end);
    }
  }
  return planes;
}
