import { describe, expect, test } from "vitest";
import { coveringGrid, resamplePlane, resampler, type PlaneGrid } from "./resample.js";

const grid = (
  rows: number,
  columns: number,
  rowSpacingMm: number,
  columnSpacingMm = rowSpacingMm,
): PlaneGrid => ({
  rows: { length: rows, spacingMm: rowSpacingMm },
  columns: { length: columns, spacingMm: columnSpacingMm },
});

describe("resampling a plane", () => {
  test("to the same grid changes nothing", () => {
    const values = Float32Array.from({ length: 35 }, (_, at) => Math.sin(at) * 1000);
    expect(resamplePlane(values, grid(5, 7, 0.9), grid(5, 7, 0.9))).toEqual(values);
  });

  test("to half the resolution averages, so that nothing between two samples is lost", () => {
    const values = Float32Array.of(0, 0, 0, 8, 0, 0, 0, 0);
    const coarse = resamplePlane(values, grid(1, 8, 1, 1), grid(1, 4, 1, 2));
    expect(coarse.reduce((sum, value) => sum + value, 0)).toBeCloseTo(4, 5);
    expect(coarse[1]).toBeGreaterThan(0);
    expect(coarse[2]).toBeGreaterThan(0);
  });

  test("finer is linear between the samples' centres", () => {
    const fine = resamplePlane(Float32Array.of(0, 4), grid(1, 2, 2), grid(1, 4, 2, 1));
    expect([...fine]).toEqual([0, 1, 3, 4]);
  });

  test("keeps a ramp's values at their places in millimetres, in both directions", () => {
    const from = grid(40, 30, 0.7, 1.1);
    const ramp = Float32Array.from(
      { length: 1200 },
      (_, at) => 3 * (Math.floor(at / 30) - 19.5) * 0.7 + 5 * ((at % 30) - 14.5) * 1.1,
    );
    const to = grid(16, 16, 1.3, 1.9);
    resamplePlane(ramp, from, to).forEach((value, at) => {
      const [row, column] = [Math.floor(at / 16), at % 16];
      if (row < 2 || row > 13 || column < 2 || column > 13) return;
      expect(value).toBeCloseTo(3 * (row - 7.5) * 1.3 + 5 * (column - 7.5) * 1.9, 3);
    });
  });

  test("is 0 outside the source", () => {
    const padded = resamplePlane(new Float32Array(16).fill(9), grid(4, 4, 1), grid(8, 8, 1));
    expect(padded.filter((value) => value === 9)).toHaveLength(16);
    expect(padded.filter((value) => value === 0)).toHaveLength(48);
  });

  test("is whatever it is told outside the source", () => {
    const padded = resampler(grid(4, 4, 1), grid(8, 8, 1), -1000)(new Float32Array(16).fill(9));
    expect(padded.filter((value) => value === 9)).toHaveLength(16);
    expect(padded.filter((value) => value === -1000)).toHaveLength(48);
  });

  test("covers the whole field of view with the sides that the network wants", () => {
    expect(coveringGrid(grid(256, 256, 0.9), 1.8, 16)).toEqual(grid(128, 128, 1.8));
    expect(coveringGrid(grid(61, 320, 3.8, 0.72), 1.8, 16)).toEqual(grid(144, 128, 1.8));
    expect(coveringGrid(grid(1, 1, 1), 1.8, 16)).toEqual(grid(16, 16, 1.8));
  });
});
