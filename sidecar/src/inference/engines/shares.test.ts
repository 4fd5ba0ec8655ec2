import { expect, test } from "vitest";
import { sharesOf } from "./shares.js";

const batch = (planes: number) => ({
  rows: 1,
  columns: 1,
  planes: Array.from({ length: planes }, (_, index) => Float32Array.of(index)),
});

test.each([
  [0, 2, []],
  [1, 2, [1]],
  [5, 2, [3, 2]],
  [16, 2, [8, 8]],
  [20, 2, [7, 7, 6]],
  [20, 4, [5, 5, 5, 5]],
  [3, 8, [1, 1, 1]],
])("%i planes for %i workers make shares of %j", (planes, workers, expected) => {
  const shares = sharesOf(batch(planes), workers, 8);
  expect(shares.map((share) => share.planes.length)).toEqual(expected);
  expect(shares.flatMap((share) => share.planes.map(([value]) => value))).toEqual(
    Array.from({ length: planes }, (_, index) => index),
  );
});
