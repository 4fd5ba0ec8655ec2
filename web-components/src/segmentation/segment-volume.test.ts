import { describe, expect, test } from "vitest";
import { onPlane, PLANES, planeThrough, type SampledPlane } from "../imaging/reslice.js";
import type { SeriesImage } from "../imaging/series-images.js";
import { dot, type Vector } from "../imaging/vector.js";
import { minus, pointAt, type VolumeGrid } from "../imaging/volume-grid.js";
import type { Segmentation, SegmentationFrame } from "./read-segmentation.js";
import { SegmentVolume } from "./segment-volume.js";

const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
const common = { columns: 24, rows: 20, slices: 12 };
const axial: VolumeGrid = {
  ...common,
  origin: [-20, -16, -30],
  columnStep: [1.5, 0, 0],
  rowStep: [0, 2.1, 0],
  sliceStep: [0, 0, 5],
};
const grids: [string, VolumeGrid][] = [
  ["axial slices", axial],
  ["oblique slices", { ...axial, rowStep: [0, 2.1 * cos, 2.1 * sin], sliceStep: [0, -5 * sin, 5 * cos] }],
  [
    "sagittal slices from right to left",
    {
      ...axial,
      origin: [-20, -16, 30],
      columnStep: [0, 1.5, 0],
      rowStep: [0, 0, -2.1],
      sliceStep: [-3, 0, 0],
    },
  ],
];

/** An L on slices 4 to 7 of 12 alone, and a block beside it that overlaps none of it. */
const isL = ([column, row, slice]: Vector) =>
  slice >= 4 &&
  slice <= 7 &&
  column >= 3 &&
  row >= 4 &&
  ((column <= 6 && row <= 15) || (column <= 14 && row <= 7));
const isBlock = ([column, row, slice]: Vector) =>
  slice === 6 && column >= 17 && column <= 19 && row >= 12 && row <= 13;
const SHAPES = new Map([
  [1, isL],
  [2, isBlock],
]);

function imagesOn({ slices }: VolumeGrid): SeriesImage[] {
  return Array.from({ length: slices }, (_, slice) => ({
    sopInstanceUid: `1.${slice}`,
    frameNumber: 1,
  })) as unknown as SeriesImage[];
}

function frame(segmentNumber: number, slice: number, pixels: Uint8Array): SegmentationFrame {
  return {
    segmentNumber,
    sourceSopInstanceUid: `1.${slice}`,
    sourceFrameNumber: undefined,
    position: undefined,
    coverage: () => pixels,
    coverageAt: (pixel) => pixels[pixel] ?? 0,
  };
}

/** @param finer how many pixels of the segmentation there are for one of the image, each way */
function segmentationOn({ rows, columns, slices }: VolumeGrid, finer = 1): Segmentation {
  const frames = [...SHAPES]
    .flatMap(([number, isIn]) =>
      Array.from({ length: slices }, (_, slice) => {
        const pixels = new Uint8Array(rows * columns * finer * finer);
        for (const at of pixels.keys()) {
          const [column, row] = [at % (columns * finer), Math.floor(at / (columns * finer))];
          if (isIn([Math.floor(column / finer), Math.floor(row / finer), slice])) pixels[at] = 255;
        }
        return frame(number, slice, pixels);
      }),
    )
    .filter((one) => one.coverage().includes(255));
  const segments = [...SHAPES.keys()].map((number) => ({ number, label: "", colorRgb: [1, 2, 3] as const }));
  return { sopInstanceUid: "2.1", rows: rows * finer, columns: columns * finer, segments, frames };
}

/** The voxel a point of the patient lies in, where steps are at right angles; undefined outside. */
function voxelAt(grid: VolumeGrid, point: Vector): Vector | undefined {
  const { origin, columnStep, rowStep, sliceStep, columns, rows, slices } = grid;
  const along = (step: Vector) => Math.round(dot(minus(point, origin), step) / dot(step, step));
  const [column, row, slice] = [along(columnStep), along(rowStep), along(sliceStep)];
  const isInside =
    [column, row, slice].every((at) => at >= 0) && column < columns && row < rows && slice < slices;
  return isInside ? [column, row, slice] : undefined;
}

const middles = (plane: SampledPlane) =>
  Array.from({ length: plane.width * plane.height }, (_, at) => ({
    at,
    point: onPlane(plane, (at % plane.width) + 0.5, Math.floor(at / plane.width) + 0.5),
  }));

describe.each(grids)("segments on %s", (_, grid) => {
  const volume = new SegmentVolume(segmentationOn(grid), imagesOn(grid), grid);

  test.each(PLANES)("a $name plane has, at each point, the label of the nearest voxel", (view) => {
    const plane = planeThrough(grid, view, pointAt(grid, [5, 13, 6]));
    const { rows, columns, frames } = volume.onPlane(plane);
    expect([rows, columns]).toEqual([plane.height, plane.width]);
    const drawn = new Map(frames.map(({ segmentNumber, coverage }) => [segmentNumber, coverage()]));
    expect(drawn.has(1)).toBe(true);
    let inside = 0;
    for (const { at, point } of middles(plane)) {
      const voxel = voxelAt(grid, point);
      for (const [number, isIn] of SHAPES) {
        const value = drawn.get(number)?.[at] ?? 0;
        expect([0, 255]).toContain(value);
        if (value > 0) inside += 1;
        expect(value > 0, `${number} at ${point.join()}`).toBe(voxel !== undefined && isIn(voxel));
      }
    }
    expect(inside).toBeGreaterThan(20);
  });

  test("the middle of a segment is a voxel of it, also of one that is not round", () => {
    for (const [number, isIn] of SHAPES) {
      const middle = volume.middleOf(number);
      expect(isIn(voxelAt(grid, middle ?? [NaN, NaN, NaN]) ?? [-1, -1, -1]), String(number)).toBe(true);
    }
    // Of the block, whose centre of mass lies within it.
    expect(voxelAt(grid, volume.middleOf(2) ?? [NaN, NaN, NaN])?.[0]).toBe(18);
    expect(volume.middleOf(3)).toBeUndefined();
  });
});

test("through voxels of a tilted gantry planes have what lies there", () => {
  const grid = { ...axial, rowStep: [0, 2.1 * cos, 2.1 * sin] } as const;
  const volume = new SegmentVolume(segmentationOn(grid), imagesOn(grid), grid);
  for (const voxel of [
    [5, 13, 6],
    [12, 6, 4],
    [18, 12, 6],
    [8, 10, 5],
    [5, 13, 8],
    [5, 13, 3],
  ] as const)
    for (const view of PLANES) {
      const point = pointAt(grid, voxel);
      const plane = planeThrough(grid, view, point);
      const { at } = middles(plane).reduce((best, next) => {
        const away = (one: typeof best) =>
          Math.hypot(...one.point.map((value, axis) => value - (point[axis] ?? 0)));
        return away(next) < away(best) ? next : best;
      });
      const found = volume
        .onPlane(plane)
        .frames.filter(({ coverage }) => coverage()[at] === 255)
        .map(({ segmentNumber }) => segmentNumber);
      expect(found, `${view.name} ${voxel.join()}`).toEqual(
        [...SHAPES].flatMap(([number, isIn]) => (isIn(voxel) ? [number] : [])),
      );
    }
});

test("a segment that a plane does not cut has no frame on it", () => {
  const volume = new SegmentVolume(segmentationOn(axial), imagesOn(axial), axial);
  const numbers = (voxel: Vector) =>
    volume
      .onPlane(planeThrough(axial, PLANES[0], pointAt(axial, voxel)))
      .frames.map((one) => one.segmentNumber);
  expect(numbers([5, 13, 6])).toEqual([1, 2]);
  expect(numbers([5, 13, 5])).toEqual([1]);
  expect(numbers([5, 13, 3])).toEqual([]);
});

test("one of another resolution over the same field of view lies in the same place", () => {
  const point = pointAt(axial, [5, 13, 6]);
  const finer = new SegmentVolume(segmentationOn(axial, 3), imagesOn(axial), axial);
  const same = new SegmentVolume(segmentationOn(axial), imagesOn(axial), axial);
  for (const view of PLANES) {
    const plane = planeThrough(axial, view, point);
    const pixels = (volume: SegmentVolume) =>
      volume.onPlane(plane).frames.map(({ coverage }) => [...coverage()]);
    expect(pixels(finer)).toEqual(pixels(same));
  }
});

test("of a FRACTIONAL one the voxel's own share is drawn, not one between two", () => {
  const pixels = new Uint8Array(common.rows * common.columns);
  pixels.fill(60).fill(180, pixels.length / 2);
  const segmentation = { ...segmentationOn(axial), frames: [5, 6].map((slice) => frame(1, slice, pixels)) };
  const volume = new SegmentVolume(segmentation, imagesOn(axial), axial);
  const plane = planeThrough(axial, PLANES[2], pointAt(axial, [5, 9, 5]));
  const found = new Set(volume.onPlane(plane).frames.flatMap(({ coverage }) => [...coverage()]));
  expect([...found].sort((a, b) => a - b)).toEqual([0, 60]);
  const sagittal = planeThrough(axial, PLANES[1], pointAt(axial, [5, 9, 5]));
  const both = new Set(volume.onPlane(sagittal).frames.flatMap(({ coverage }) => [...coverage()]));
  expect([...both].sort((a, b) => a - b)).toEqual([0, 60, 180]);
});
