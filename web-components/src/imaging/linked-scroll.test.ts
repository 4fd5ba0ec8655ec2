import { expect, test } from "vitest";
import { linkedIndex } from "./linked-scroll.js";
import type { SeriesImage } from "./series-images.js";
import type { Vector } from "./vector.js";

/** A series of axial images at these heights, or of planes with another row direction. */
function series(
  heights: readonly number[],
  frameOfReference: string | undefined,
  columnDirection: Vector = [0, 1, 0],
): SeriesImage[] {
  return heights.map((height) => ({
    imageId: `${height}`,
    sopInstanceUid: `1.${height}`,
    sopClassUid: "",
    frameNumber: 1,
    metadata: frameOfReference === undefined ? {} : { "00200052": { vr: "UI", Value: [frameOfReference] } },
    rows: 1,
    columns: 1,
    spacing: undefined,
    valueUnit: "",
    position: [0, 0, height],
    rowDirection: [1, 0, 0],
    columnDirection,
  }));
}

test("in one Frame of Reference the nearest place in the patient counts, not the number", () => {
  const thin = series([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "1.9");
  const thick = series([0, 5, 10], "1.9");
  expect(linkedIndex(thin, 6, thick)).toBe(1);
  expect(linkedIndex(thick, 2, thin)).toBe(10);
  expect(linkedIndex(thin, 10, series([100, 50, 12], "1.9"))).toBe(2);
});

test("without a common Frame of Reference it is as far through the series", () => {
  expect(linkedIndex(series([0, 1, 2, 3, 4], "1.9"), 4, series([0, 1, 2], "1.8"))).toBe(2);
  expect(linkedIndex(series([0, 1, 2], undefined), 1, series([7, 8, 9, 10, 11], undefined))).toBe(2);
  expect(linkedIndex(series([0], "1.9"), 0, series([1, 2], "1.8"))).toBe(0);
});

test("planes across the others are not linked, nor is an empty series", () => {
  expect(linkedIndex(series([0, 1], "1.9"), 0, series([0, 1], "1.9", [0, 0, -1]))).toBeUndefined();
  expect(linkedIndex(series([0, 1], "1.9"), 0, [])).toBeUndefined();
});
