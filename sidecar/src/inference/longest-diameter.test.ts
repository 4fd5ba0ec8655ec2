import { expect, test } from "vitest";
import { SeededRandom } from "../phantom/random.js";
import { longestDiameterMm } from "./longest-diameter.js";
import type { IslandRun } from "./segment-islands.js";
import type { Vector } from "./vector.js";
import type { VolumeGeometry } from "./volume.js";

const [S, C] = [Math.sin(0.4), Math.cos(0.4)];

function geometry(
  rowDirection: Vector,
  columnDirection: Vector,
  normal: Vector,
  slices = 40,
): VolumeGeometry {
  return {
    rowDirection,
    columnDirection,
    rowSpacingMm: 0.7,
    columnSpacingMm: 0.9,
    slices: Array.from({ length: slices }, (_, at) => ({ positionMm: normal.map((n) => 5 + 2.5 * at * n) })),
  } as unknown as VolumeGeometry;
}

const AXIAL = geometry([1, 0, 0], [0, 1, 0], [0, 0, 1]);
const OBLIQUE = geometry([C, S, 0], [-S * C, C * C, S], [S * S, -C * S, C]);

test("a single voxel has none", () => {
  expect(longestDiameterMm([{ plane: 3, row: 2, start: 5, end: 6 }], AXIAL)).toBe(0);
});

test("a row's is between the centres of its ends, in millimetres", () => {
  expect(longestDiameterMm([{ plane: 0, row: 0, start: 2, end: 12 }], AXIAL)).toBeCloseTo(9 * 0.9, 9);
});

test("runs over planes, whichever way they lie", () => {
  const runs = [0, 1, 2, 3, 4].map((plane) => ({ plane, row: 0, start: 0, end: 1 }));
  for (const each of [AXIAL, OBLIQUE]) expect(longestDiameterMm(runs, each)).toBeCloseTo(10, 9);
});

test("is the one that trying all pairs finds, in random bodies", () => {
  const random = new SeededRandom(3);
  for (let round = 0; round < 30; round++) {
    const runs: IslandRun[] = [];
    for (let plane = 0; plane < 6; plane++) {
      for (let row = 0; row < 12; row++) {
        const start = Math.floor(random.between(0, 12));
        runs.push({ plane, row, start, end: start + 1 + Math.floor(random.between(0, 9)) });
      }
    }
    let longest = 0;
    const points = runs.flatMap(({ plane, row, start, end }) =>
      Array.from({ length: end - start }, (_, at) => [(start + at) * 0.9, row * 0.7, plane * 2.5] as const),
    );
    for (const [x, y, z] of points)
      for (const [u, v, w] of points) longest = Math.max(longest, Math.hypot(x - u, y - v, z - w));
    expect(longestDiameterMm(runs, OBLIQUE)).toBeCloseTo(longest, 6);
  }
});

test("a ball as large as a head is measured in about a second", () => {
  const radiusMm = 90;
  const runs: IslandRun[] = [];
  const wide = {
    ...geometry([1, 0, 0], [0, 1, 0], [0, 0, 0.2], 360),
    rowSpacingMm: 0.5,
    columnSpacingMm: 0.5,
  };
  for (let plane = 0; plane < 360; plane++) {
    for (let row = 0; row < 360; row++) {
      const squared = radiusMm ** 2 - ((plane - 179.5) / 2) ** 2 - ((row - 179.5) / 2) ** 2;
      if (squared <= 0) continue;
      const half = 2 * Math.sqrt(squared);
      runs.push({ plane, row, start: Math.ceil(180 - half), end: Math.floor(180 + half) });
    }
  }
  const begun = performance.now();
  const diameter = longestDiameterMm(runs, wide);
  expect(diameter).toBeGreaterThan(178.5);
  expect(diameter).toBeLessThan(180.5);
  expect(performance.now() - begun).toBeLessThan(15_000);
}, 30_000);
