import { describe, expect, test } from "vitest";
import { onPlane, PLANES, planeThrough, reslice, seenOn } from "./reslice.js";
import { volumeGridOf, pointAt, type VolumeGrid } from "./volume-grid.js";
import type { SeriesImage } from "./series-images.js";
import { cross, type Vector } from "./vector.js";

/** A value that says where it is: linear in the patient's millimetres, so that linear interpolation must be exact. */
const valueAt = ([x, y, z]: Vector) => 3 * x - 2 * y + 5 * z + 7;

function volumeOn(grid: VolumeGrid) {
  const values = new Float32Array(grid.columns * grid.rows * grid.slices);
  let at = 0;
  for (let slice = 0; slice < grid.slices; slice += 1)
    for (let row = 0; row < grid.rows; row += 1)
      for (let column = 0; column < grid.columns; column += 1, at += 1)
        values[at] = valueAt(pointAt(grid, [column, row, slice]));
  return { grid, values };
}

const common = { columns: 24, rows: 20, slices: 12 };
const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
const grids: [string, VolumeGrid][] = [
  [
    "axial slices",
    {
      ...common,
      origin: [-20, -16, -30],
      columnStep: [1.5, 0, 0],
      rowStep: [0, 1.7, 0],
      sliceStep: [0, 0, 5],
    },
  ],
  [
    "oblique slices",
    {
      ...common,
      origin: [-20, -16, -30],
      columnStep: [1.5, 0, 0],
      rowStep: [0, 1.7 * cos, 1.7 * sin],
      sliceStep: [0, -5 * sin, 5 * cos],
    },
  ],
  [
    "a tilted gantry",
    {
      ...common,
      origin: [-20, -16, -30],
      columnStep: [1.5, 0, 0],
      rowStep: [0, 1.7 * cos, 1.7 * sin],
      sliceStep: [0, 0, 5],
    },
  ],
  [
    "sagittal slices from right to left",
    {
      ...common,
      origin: [-20, -16, 30],
      columnStep: [0, 1.5, 0],
      rowStep: [0, 0, -1.7],
      sliceStep: [-3, 0, 0],
    },
  ],
];

describe.each(grids)("planes through %s", (_, grid) => {
  test.each(PLANES)("$name has the values of the places it shows", (view) => {
    const volume = volumeOn(grid);
    const point = pointAt(grid, [11.3, 9.6, 5.4]);
    const plane = planeThrough(grid, view, point);
    const seen = reslice(volume, plane);
    let inside = 0;
    for (const [at, value] of seen.entries()) {
      if (Number.isNaN(value)) continue;
      const place = onPlane(plane, (at % plane.width) + 0.5, Math.floor(at / plane.width) + 0.5);
      const off = Math.abs(value - valueAt(place));
      // Only in the outer half of an outer voxel the value is the voxel's own.
      if (off < 0.01) inside += 1;
      else expect(off).toBeLessThan(3 * 1 + 2 * 2 + 5 * 5);
    }
    expect(inside / seen.filter((value) => !Number.isNaN(value)).length).toBeGreaterThan(0.75);
    const [x, y] = seenOn(plane, point);
    const middle = seen[Math.floor(y) * plane.width + Math.floor(x)] ?? NaN;
    expect(Math.abs(middle - valueAt(onPlane(plane, Math.floor(x) + 0.5, Math.floor(y) + 0.5)))).toBeLessThan(
      0.01,
    );
  });
});

test("left is on the right of axial and coronal planes, the front on the left of a sagittal one, the head on top", () => {
  const [axial, sagittal, coronal] = PLANES;
  expect([axial.right, axial.down]).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ]);
  expect([coronal.right, coronal.down]).toEqual([
    [1, 0, 0],
    [0, 0, -1],
  ]);
  expect([sagittal.right, sagittal.down]).toEqual([
    [0, 1, 0],
    [0, 0, -1],
  ]);
  // Looked at from the feet: the viewer's direction is that of the head.
  expect(cross(axial.right, axial.down)).toEqual([0, 0, 1]);
});

test("millimetres are square on the screen, whatever the voxels are", () => {
  const grid: VolumeGrid = {
    columns: 100,
    rows: 100,
    slices: 10,
    origin: [0, 0, 0],
    columnStep: [1, 0, 0],
    rowStep: [0, 1, 0],
    sliceStep: [0, 0, 5],
  };
  const plane = planeThrough(grid, PLANES[2], [50, 50, 20]);
  expect([plane.width, plane.height, plane.millimetresPerPixel]).toEqual([100, 50, 1]);
});

describe("a series is a volume", () => {
  function slice(
    index: number,
    changes: Partial<SeriesImage> & { tags?: Record<string, unknown> } = {},
  ): SeriesImage {
    const value = (one: unknown) => ({ vr: "UI", Value: [one] });
    const tags = { "00100020": "P1", "00200052": "1.2.3", "00280002": 1, ...changes.tags };
    const metadata = Object.fromEntries(Object.entries(tags).map(([tag, one]) => [tag, value(one)]));
    return {
      imageId: String(index),
      sopInstanceUid: String(index),
      sopClassUid: "",
      frameNumber: 1,
      metadata,
      rows: 4,
      columns: 4,
      spacing: { rowMm: 1, columnMm: 1, atDetector: false },
      valueUnit: "HU",
      position: [0, 0, 2.5 * index],
      rowDirection: [1, 0, 0],
      columnDirection: [0, 1, 0],
      ...changes,
    };
  }
  const slices = (change: (index: number) => Parameters<typeof slice>[1] = () => ({})) =>
    [0, 1, 2, 3, 4].map((index) => slice(index, change(index)));
  const onThird = (changes: Parameters<typeof slice>[1]) => slices((index) => (index === 2 ? changes : {}));

  test("when its slices are parallel, alike and at equal distances", () => {
    expect(volumeGridOf(slices())).toMatchObject({ slices: 5, sliceStep: [0, 0, 2.5] });
  });

  test("also of a tilted gantry, whose slices are shifted", () => {
    const tilted = slices((index) => ({ position: [0, 0.7 * index, 2.5 * index] }));
    expect(volumeGridOf(tilted)).toMatchObject({ sliceStep: [0, 0.7, 2.5] });
  });

  test.each([
    ["mprTooFew", slices().slice(0, 3)],
    ["mprColour", slices(() => ({ tags: { "00280002": 3 } }))],
    ["mprSeveralPatients", onThird({ tags: { "00100020": "P2" } })],
    ["mprSeveralFrames", onThird({ tags: { "00200052": "1.2.4" } })],
    ["mprNoPlace", slices(() => ({ position: undefined }))],
    ["mprNoPlace", slices(() => ({ spacing: { rowMm: 1, columnMm: 1, atDetector: true } }))],
    ["mprSizes", onThird({ columns: 5 })],
    ["mprSizes", onThird({ spacing: { rowMm: 1, columnMm: 1.1, atDetector: false } })],
    ["mprNotParallel", onThird({ columnDirection: [0, Math.cos(0.05), Math.sin(0.05)] })],
    ["mprIrregular", onThird({ position: [0, 0, 5.2] })],
    ["mprIrregular", slices(() => ({ position: [0, 0, 0] }))],
  ] as const)("else it is said why not: %s", (reason, images) => {
    expect(volumeGridOf(images)).toBe(reason);
  });

  test("or that it is too large for the memory there is", () => {
    expect(volumeGridOf(slices(), 100)).toBe("mprTooLarge");
  });
});
