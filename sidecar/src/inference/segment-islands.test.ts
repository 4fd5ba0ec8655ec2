import { expect, test } from "vitest";
import { SegmentIslands } from "./segment-islands.js";
import { SeededRandom } from "../phantom/random.js";

/** Planes of digits: the labels. Probability and intensity of a voxel are its place in the volume. */
function islandsOf(planes: string[][]): SegmentIslands {
  const [columns, rows] = [planes[0]?.[0]?.length ?? 0, planes[0]?.length ?? 0];
  const islands = new SegmentIslands(rows, columns);
  planes.forEach((picture, z) => {
    const labels = Uint8Array.from(Array.from(picture.join(""), Number));
    const place = Float32Array.from(labels, (_, at) => z * labels.length + at);
    islands.add({ labels, probability: place, intensity: place });
  });
  return islands;
}

/** What is left when islands below the minimum are gone, as planes of digits. */
function keptOf(planes: string[][], minimum: (label: number) => number): string[][] {
  const columns = planes[0]?.[0]?.length ?? 0;
  const left = planes.map((rows) => rows.map(() => Array.from({ length: columns }, () => "0")));
  for (const [{ label }, runs] of islandsOf(planes).finish(minimum))
    for (const { plane, row, start, end } of runs) left[plane]?.[row]?.fill(String(label), start, end);
  return left.map((rows) => rows.map((row) => row.join("")));
}

test("islands below the minimum go, the others stay", () => {
  expect(keptOf([["1100", "0000", "0010"]], () => 2)).toEqual([["1100", "0000", "0000"]]);
});

test("voxels of adjacent slices belong together, diagonal neighbours do not", () => {
  const planes = [
    ["100", "000", "001"],
    ["100", "010", "000"],
  ];
  expect(keptOf(planes, () => 2)).toEqual([
    ["100", "000", "000"],
    ["100", "000", "000"],
  ]);
});

test("the end of a row is no neighbour of the next row's start", () => {
  expect(keptOf([["001", "100"]], () => 2)).toEqual([["000", "000"]]);
});

test("each label has its own islands and its own minimum", () => {
  expect(keptOf([["1221", "0220"]], (label) => (label === 1 ? 2 : 4))).toEqual([["0220", "0220"]]);
});

test("branches that meet only later are one island", () => {
  const u = [
    ["10101", "10101", "11111"],
    ["00000", "00000", "00000"],
    ["11011", "00000", "00000"],
  ];
  expect(
    [
      ...islandsOf(u)
        .finish(() => 1)
        .keys(),
    ].map(({ voxelCount }) => voxelCount),
  ).toEqual([11, 2, 2]);
  const bridge = [["101"], ["101"], ["111"]];
  expect(
    [
      ...islandsOf(bridge)
        .finish(() => 1)
        .keys(),
    ].map(({ voxelCount }) => voxelCount),
  ).toEqual([7]);
});

test("an island's sums are those of its voxels", () => {
  const [island] = islandsOf([
    ["110", "010"],
    ["000", "011"],
  ])
    .finish(() => 1)
    .keys();
  expect(island).toEqual({ label: 1, voxelCount: 5, probability: 0 + 1 + 4 + 10 + 11, intensity: 26 });
});

test("an empty plane parts what is on both sides of it", () => {
  expect(islandsOf([["1"], ["0"], ["1"]]).finish(() => 1).size).toBe(2);
});

test("finds what a flood fill finds, in random volumes", () => {
  const random = new SeededRandom(5);
  for (let round = 0; round < 40; round++) {
    const [depth, rows, columns] = [4, 6, 7];
    const planes = Array.from({ length: depth }, () =>
      Array.from({ length: rows }, () =>
        Array.from({ length: columns }, () =>
          random.chance(0.5) ? "0" : random.chance(0.7) ? "1" : "2",
        ).join(""),
      ),
    );
    const sizes = [
      ...islandsOf(planes)
        .finish(() => 1)
        .keys(),
    ].map(({ label, voxelCount }) => `${label}:${voxelCount}`);
    expect(sizes.sort()).toEqual(floodFill(planes).sort());
  }
});

function floodFill(planes: string[][]): string[] {
  const cells = planes.map((rows) => rows.map((row) => Array.from(row)));
  const islands: string[] = [];
  const fill = (z: number, y: number, x: number, label: string): number => {
    const row = cells[z]?.[y];
    if (row?.[x] !== label) return 0;
    row[x] = "0";
    const steps = [
      [1, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, -1, 0],
      [0, 0, 1],
      [0, 0, -1],
    ] as const;
    return steps.reduce((sum, [dz, dy, dx]) => sum + fill(z + dz, y + dy, x + dx, label), 1);
  };
  cells.forEach((rows, z) =>
    rows.forEach((row, y) =>
      row.forEach((label, x) => {
        if (label !== "0") islands.push(`${label}:${fill(z, y, x, label)}`);
      }),
    ),
  );
  return islands;
}
