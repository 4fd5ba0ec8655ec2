import { describe, expect, test } from "vitest";
import { axialView, fromView, toView } from "./axial-view.js";
import { cross, type Vector } from "./vector.js";
import type { VolumeGeometry } from "./volume.js";

function geometry(rowDirection: Vector, columnDirection: Vector): VolumeGeometry {
  return {
    rowDirection,
    columnDirection,
    normal: cross(rowDirection, columnDirection),
  } as unknown as VolumeGeometry;
}

/** 2 × 3 pixels; the value tells the patient's side: tens for left, ones for back. */
const cases: [string, Vector, Vector, number[]][] = [
  ["as usual", [1, 0, 0], [0, 1, 0], [11, 21, 31, 12, 22, 32]],
  ["rows to the right", [-1, 0, 0], [0, 1, 0], [31, 21, 11, 32, 22, 12]],
  ["columns to the front", [1, 0, 0], [0, -1, 0], [12, 22, 32, 11, 21, 31]],
  ["both", [-1, 0, 0], [0, -1, 0], [32, 22, 12, 31, 21, 11]],
];

describe("the axial view", () => {
  test.each(cases)("of slices %s has left to the right and back at the bottom", (_, row, column, pixels) => {
    const view = axialView(geometry(row, column));
    if (view === undefined) throw new Error("not axial");
    const seen = toView(Float32Array.from(pixels), 2, 3, view);
    expect([...seen]).toEqual([11, 21, 31, 12, 22, 32]);
    expect([...fromView(seen, 2, 3, view)]).toEqual(pixels);
  });

  test.each([
    [
      [0, 1, 0],
      [1, 0, 0],
      [11, 12, 21, 22, 31, 32],
    ],
    [
      [0, -1, 0],
      [1, 0, 0],
      [12, 11, 22, 21, 32, 31],
    ],
    [
      [0, 1, 0],
      [-1, 0, 0],
      [31, 32, 21, 22, 11, 12],
    ],
  ] as [Vector, Vector, number[]][])(
    "is found in transposed slices too: rows along %j",
    (row, column, pixels) => {
      const view = axialView(geometry(row, column));
      if (view === undefined) throw new Error("not axial");
      const seen = toView(Float32Array.from(pixels), 3, 2, view);
      expect([...seen]).toEqual([11, 21, 31, 12, 22, 32]);
      expect([...fromView(seen, 3, 2, view)]).toEqual(pixels);
    },
  );

  test("does not exist for sagittal and coronal slices", () => {
    expect(axialView(geometry([0, 1, 0], [0, 0, -1]))).toBeUndefined();
    expect(axialView(geometry([1, 0, 0], [0, 0, -1]))).toBeUndefined();
  });
});
