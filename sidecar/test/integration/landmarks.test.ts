import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { derivedUid } from "../../src/dicom/uid.js";
import { modalityValues } from "../../src/inference/pixel-values.js";
import { assembleVolume, type VolumeGeometry } from "../../src/inference/volume.js";
import { axialGrid, type AcquisitionGrid } from "../../src/phantom/acquire.js";
import { writeFractionalSegmentation } from "../../src/segmentation/write-fractional-segmentation.js";
import { writeSegmentation } from "../../src/segmentation/write-segmentation.js";
import { highdicom } from "../stack/pydicom.js";
import { dcentvfy, dciodvfy } from "../validators/dciodvfy.js";
import {
  INSIDE,
  OUTSIDE,
  isInside,
  landmarkSeries,
  pixelCentre,
  type Landmark,
  type LandmarkSeries,
  type LandmarkSeriesOptions,
} from "../validators/landmark-series.js";
import { TEST_ALGORITHM, testSegment } from "../validators/test-algorithm.js";

const VALID = { errors: [], warnings: [] };
/** Off the middle in every direction, and of another size in each: no flip or turn leaves it where it is. */
const LANDMARK: Landmark = { centreMm: [31, -22, 14], radiiMm: [9, 15, 21] };
const [S, C] = [Math.sin(0.35), Math.cos(0.35)];
const AXIAL = axialGrid(20, 61, 67);
const SAGITTAL: AcquisitionGrid = {
  ...{ rows: 58, columns: 70, slices: 24, originMm: [60, -115, 75] },
  ...{ rowDirection: [0, 1, 0], columnDirection: [0, 0, -1], sliceDirection: [-1, 0, 0] },
  ...{ rowSpacingMm: 150 / 58, columnSpacingMm: 230 / 70, sliceSpacingMm: 5 },
};
const OBLIQUE: AcquisitionGrid = {
  ...axialGrid(20, 56, 60),
  rowDirection: [C, S, 0],
  columnDirection: [-S * C, C * C, S],
  sliceDirection: [S * S, -C * S, C],
};
const REVERSED: AcquisitionGrid = { ...AXIAL, originMm: [-113, -117, 67], sliceDirection: [0, 0, -1] };
const MIRRORED: AcquisitionGrid = { ...AXIAL, originMm: [113, -117, -45], rowDirection: [-1, 0, 0] };

const CASES: Record<string, Omit<LandmarkSeriesOptions, "name" | "landmark">> = {
  "axial MR": { modality: "MR", enhanced: false, grid: AXIAL },
  "axial CT": { modality: "CT", enhanced: false, grid: AXIAL },
  "oblique MR": { modality: "MR", enhanced: false, grid: OBLIQUE },
  "CT from head to foot": { modality: "CT", enhanced: false, grid: REVERSED },
  "MR with rows to the right": { modality: "MR", enhanced: false, grid: MIRRORED },
  "sagittal MR": { modality: "MR", enhanced: false, grid: SAGITTAL },
  "Enhanced MR": { modality: "MR", enhanced: true, grid: SAGITTAL },
  "Enhanced CT from head to foot": { modality: "CT", enhanced: true, grid: REVERSED },
  "oblique Enhanced MR": { modality: "MR", enhanced: true, grid: OBLIQUE },
};

let directory: string;
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), "neuronova-landmarks-"))));
afterAll(() => rm(directory, { recursive: true, force: true }));

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, `${name.replaceAll(" ", "-")}.dcm`);
  await writeFile(path, bytes);
  return path;
}

/** What is bright in modality values, plane by plane. */
async function brightness({ slices }: VolumeGeometry, { readFrame }: LandmarkSeries): Promise<Uint8Array[]> {
  return Promise.all(
    slices.map(async ({ orthancId, frameIndex, format, rescale }) => {
      const values = modalityValues(await readFrame(orthancId, frameIndex, format), format, rescale);
      for (const value of values)
        expect(Math.min(Math.abs(value - INSIDE), Math.abs(value - OUTSIDE))).toBeLessThanOrEqual(1.5);
      return Uint8Array.from(values, (value) => (value > (INSIDE + OUTSIDE) / 2 ? 1 : 0));
    }),
  );
}

/** What highdicom says: where every voxel of segment 1 lies in the patient, and which source it is of. */
const READ = `
import json, sys, numpy as np, highdicom as hd
seg = hd.seg.segread(sys.argv[1])
volume = seg.get_volume(segment_numbers=[1], combine_segments=False, rescale_fractional=False)
voxels = volume.array[..., 0]
indices = np.argwhere(voxels > 0)
sources = [[str(uid), None if frame is None else int(frame)] for uid, frame in (
    (s.ReferencedSOPInstanceUID, s.get("ReferencedFrameNumber"))
    for s in (g.DerivationImageSequence[0].SourceImageSequence[0] for g in seg.PerFrameFunctionalGroupsSequence))]
print(json.dumps({
    "points": volume.map_indices_to_reference(indices).tolist(),
    "values": voxels[tuple(indices.T)].astype(int).tolist(),
    "sources": sources,
    "algorithm": seg.get_segment_description(1).algorithm_identification.name,
    "tracking": str(seg.get_segment_description(1).tracking_uid),
}))
`;
interface Read {
  readonly points: [number, number, number][];
  readonly values: number[];
  readonly sources: [string, number | null][];
  readonly algorithm: string;
  readonly tracking: string;
}

/** Which voxels the points are the centres of, to a hundredth of a millimetre. */
function voxelsAt(points: Read["points"], grid: AcquisitionGrid): string[] {
  const axes = [
    { direction: grid.sliceDirection, spacingMm: grid.sliceSpacingMm },
    { direction: grid.columnDirection, spacingMm: grid.rowSpacingMm },
    { direction: grid.rowDirection, spacingMm: grid.columnSpacingMm },
  ];
  return points
    .map((point) => {
      const from = point.map((at, axis) => at - (grid.originMm[axis] ?? 0));
      const [slice = 0, row = 0, column = 0] = axes.map(({ direction, spacingMm }) =>
        Math.round(direction.reduce((sum, cosine, axis) => sum + cosine * (from[axis] ?? 0), 0) / spacingMm),
      );
      const centre = pixelCentre(grid, slice, row, column);
      expect(Math.hypot(...point.map((at, axis) => at - (centre[axis] ?? 0)))).toBeLessThan(0.01);
      return `${slice} ${row} ${column}`;
    })
    .sort();
}

describe("a landmark of the patient", () => {
  test.each(Object.entries(CASES))("of %s is where it was, to the voxel", async (name, options) => {
    const series = landmarkSeries({ ...options, name, landmark: LANDMARK });
    // In any order: geometry sorts them.
    const geometry = assembleVolume([...series.instances].reverse());
    const masks = await brightness(geometry, series);
    const planes = geometry.slices.map((slice, index) => ({
      ...slice,
      labels: masks[index] ?? new Uint8Array(),
    }));
    const image = series.instances[0]?.dataSet;
    if (image === undefined) throw new RangeError("a series has images");
    const context = {
      seriesInstanceUid: derivedUid("test", name, "seg series"),
      sopInstanceUid: derivedUid("test", name, "seg"),
      sourceSeriesInstanceUid: series.series.seriesInstanceUid,
      image,
      algorithm: TEST_ALGORITHM,
      segments: [testSegment(1, "landmark")],
      createdAt: new Date("2025-03-02T03:04:05Z"),
    };
    const binary = await save(
      `${name}-binary`,
      writeSegmentation({ ...context, labelMap: { ...geometry, planes } }).bytes,
    );
    const fractional = await save(
      `${name}-fractional`,
      writeFractionalSegmentation({
        ...context,
        fractionMap: {
          ...geometry,
          planes: planes.map((plane) => ({ ...plane, fractions: plane.labels.map((label) => label * 200) })),
        },
      }).bytes,
    );
    expect(dciodvfy(binary)).toEqual(VALID);
    expect(dciodvfy(fractional)).toEqual(VALID);
    if (!options.enhanced) {
      const images = await Promise.all(
        series.files.map(({ bytes }, index) => save(`${name}-${index}`, bytes)),
      );
      expect(dciodvfy(images[0] ?? "").errors).toEqual([]);
      expect(dcentvfy([binary, ...images])).toEqual(VALID);
    }

    const { grid } = options;
    const truth: string[] = [];
    for (let slice = 0; slice < grid.slices; slice++)
      for (let row = 0; row < grid.rows; row++)
        for (let column = 0; column < grid.columns; column++) {
          if (isInside(LANDMARK, pixelCentre(grid, slice, row, column)))
            truth.push(`${slice} ${row} ${column}`);
        }
    const read = JSON.parse(await highdicom(READ, binary)) as Read;
    expect(truth.length).toBeGreaterThan(100);
    expect(voxelsAt(read.points, grid)).toEqual(truth.sort());
    expect(read.algorithm).toBe(TEST_ALGORITHM.name);
    expect(read.tracking).toBe(testSegment(1, "landmark").trackingUid);
    const soft = JSON.parse(await highdicom(READ, fractional)) as Read;
    expect(voxelsAt(soft.points, grid)).toEqual(truth.sort());
    expect(new Set(soft.values)).toEqual(new Set([200]));

    // Every frame names the image, or the frame of it, that lies where it lies.
    const withLandmark = geometry.slices.filter((_, index) => masks[index]?.includes(1));
    expect(read.sources).toEqual(
      withLandmark.map(({ sopInstanceUid, frameNumber }) => [sopInstanceUid, frameNumber ?? null]),
    );
    expect(withLandmark.every(({ frameNumber }) => (frameNumber !== undefined) === options.enhanced)).toBe(
      true,
    );
  });
});
