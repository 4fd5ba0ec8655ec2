import { expect, test } from "vitest";
import { imagePointAt, screenPointOf } from "./image-point.js";

const size = { rows: 100, columns: 200 };

test("a place on the screen is the pixel under it, upright, turned and mirrored", () => {
  const upright = { topLeft: [10, 20], topRight: [410, 20], bottomLeft: [10, 220] } as const;
  expect(imagePointAt(upright, size, 10, 20)).toEqual({ column: 0, row: 0 });
  expect(imagePointAt(upright, size, 210, 70)).toEqual({ column: 100, row: 25 });
  const turned = { topLeft: [200, 0], topRight: [200, 400], bottomLeft: [0, 0] } as const;
  expect(imagePointAt(turned, size, 150, 200)).toEqual({ column: 100, row: 25 });
  const mirrored = { topLeft: [400, 0], topRight: [0, 0], bottomLeft: [400, 200] } as const;
  expect(imagePointAt(mirrored, size, 300, 50)).toEqual({ column: 50, row: 25 });
});

test("there and back is the same place", () => {
  const corners = { topLeft: [3, 5], topRight: [90, 61], bottomLeft: [-40, 77] } as const;
  const [x, y] = screenPointOf(corners, size, { column: 17.5, row: 3.25 });
  const back = imagePointAt(corners, size, x, y);
  expect(back?.column).toBeCloseTo(17.5);
  expect(back?.row).toBeCloseTo(3.25);
});

test("an image without extent has no place", () => {
  const flat = { topLeft: [0, 0], topRight: [0, 0], bottomLeft: [0, 0] } as const;
  expect(imagePointAt(flat, size, 1, 1)).toBeUndefined();
});
