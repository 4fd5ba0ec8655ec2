import { expect, test } from "vitest";
import type { Point } from "./point.js";
import { regionSpacing, ultrasoundRegions } from "./ultrasound-regions.js";

interface Region {
  readonly format?: number;
  readonly dataType?: number;
  /** x0, y0, x1, y1: first and last pixels, from 0. */
  readonly place: readonly [number, number, number, number];
  readonly units?: readonly [number, number];
  readonly deltas?: readonly [number, number];
}

/** By PS3.3 C.8.5.5; a 2D picture of tissue in centimetres unless it is said otherwise. */
function metadataOf(...regions: readonly Region[]) {
  const value = (vr: string, one: number) => ({ vr, Value: [one] });
  return {
    "00186011": {
      vr: "SQ",
      Value: regions.map(
        ({ format = 1, dataType = 1, place: [x0, y0, x1, y1], units = [3, 3], deltas = [0.05, 0.02] }) => ({
          "00186012": value("US", format),
          "00186014": value("US", dataType),
          "00186018": value("UL", x0),
          "0018601A": value("UL", y0),
          "0018601C": value("UL", x1),
          "0018601E": value("UL", y1),
          "00186024": value("US", units[0]),
          "00186026": value("US", units[1]),
          "0018602C": value("FD", deltas[0]),
          "0018602E": value("FD", deltas[1]),
        }),
      ),
    },
  };
}

const tissue: Region = { place: [10, 20, 109, 219] };
const spacing = { columnMm: 0.5, rowMm: 0.2, atDetector: false };
const inside: readonly Point[] = [
  [20, 30],
  [100, 200],
];
const spacingIn = (points: readonly Point[], ...regions: readonly Region[]) =>
  regionSpacing(points, ultrasoundRegions(metadataOf(...regions)) ?? []);

test("an image without the sequence, or with an empty one, has no regions", () => {
  expect(ultrasoundRegions({})).toBeUndefined();
  expect(ultrasoundRegions(metadataOf())).toBeUndefined();
});

test("what lies in a region of tissue has its spacing, to the outer edges of its pixels", () => {
  expect(spacingIn(inside, tissue)).toEqual(spacing);
  expect(
    spacingIn(
      [
        [10, 20],
        [110, 220],
      ],
      tissue,
    ),
  ).toEqual(spacing);
  expect(
    spacingIn(
      [
        [9.9, 20],
        [110, 220],
      ],
      tissue,
    ),
  ).toBeUndefined();
  expect(
    spacingIn(
      [
        [10, 20],
        [110, 220.1],
      ],
      tissue,
    ),
  ).toBeUndefined();
});

test("a direction in which values fall is as long", () => {
  expect(spacingIn(inside, { ...tissue, deltas: [-0.05, -0.02] })).toEqual(spacing);
});

test.each<[string, Partial<Region>]>([
  ["an M-mode trace", { format: 2 }],
  ["a spectrum", { format: 3, dataType: 3, units: [4, 7] }],
  ["an ECG trace", { format: 4, dataType: 10 }],
  ["no format", { format: 0 }],
  ["flow alone", { dataType: 2 }],
  ["seconds along one side", { units: [4, 3] }],
  ["no units", { units: [0, 0] }],
  ["no size of a pixel", { deltas: [0, 0.02] }],
  ["one that is no number", { deltas: [NaN, 0.02] }],
])("%s is not measured in millimetres", (_name, other) => {
  expect(spacingIn(inside, { ...tissue, ...other })).toBeUndefined();
});

test("what crosses from one region to another has no spacing, the same or not", () => {
  const beside: Region = { ...tissue, place: [110, 20, 209, 219] };
  expect(spacingIn(inside, tissue, beside)).toEqual(spacing);
  expect(
    spacingIn(
      [
        [100, 100],
        [120, 100],
      ],
      tissue,
      beside,
    ),
  ).toBeUndefined();
});

test("where a region lies over another the scale has to be the same", () => {
  const over: Region = { dataType: 2, place: [50, 50, 80, 80] };
  expect(spacingIn(inside, tissue, over)).toEqual(spacing);
  expect(spacingIn(inside, over, tissue)).toEqual(spacing);
  for (const other of [
    { ...over, deltas: [0.05, 0.03] as const },
    { ...over, format: 3, dataType: 3, units: [4, 7] as const },
    { ...over, place: [NaN, NaN, NaN, NaN] as const, deltas: [1, 1] as const },
  ]) {
    expect(spacingIn(inside, tissue, other)).toBeUndefined();
    expect(spacingIn(inside, other, tissue)).toBeUndefined();
  }
  // Beside what is measured it is in nobody's way.
  expect(
    spacingIn(
      [
        [20, 30],
        [40, 200],
      ],
      tissue,
      { ...over, deltas: [1, 1] },
    ),
  ).toEqual(spacing);
});
