import { expect, test } from "vitest";
import { stroke, undo, type Brush, type Changes } from "./label-map.js";

const plane = (rows: number, columns: number) => ({ rows, columns, labels: new Uint8Array(rows * columns) });
const picture = ({ rows, columns, labels }: ReturnType<typeof plane>) =>
  Array.from({ length: rows }, (_, row) => labels.slice(row * columns, (row + 1) * columns).join(""));
const paint = (size: number, segment = 1): Brush => ({ mode: "paint", segment, size });
const at = (column: number, row: number) => ({ column, row });

test("a brush of one pixel paints the pixel it is on, wherever on it", () => {
  for (const offset of [0.01, 0.5, 0.99]) {
    const image = plane(3, 3);
    const place = at(1 + offset, 2 + offset);
    stroke(image, place, place, paint(1), new Map());
    expect(picture(image)).toEqual(["000", "000", "010"]);
  }
});

test("a brush is round, and its size is its diameter", () => {
  const image = plane(7, 7);
  stroke(image, at(3.5, 3.5), at(3.5, 3.5), paint(5), new Map());
  expect(picture(image)).toEqual([
    "0000000",
    "0011100",
    "0111110",
    "0111110",
    "0111110",
    "0011100",
    "0000000",
  ]);
});

test("a quick stroke leaves no gap, and stays in the image", () => {
  const image = plane(4, 6);
  stroke(image, at(-3, 0.5), at(9, 0.5), paint(1), new Map());
  expect(picture(image)).toEqual(["111111", "000000", "000000", "000000"]);
  const diagonal = plane(4, 4);
  stroke(diagonal, at(0.5, 0.5), at(3.5, 3.5), paint(1), new Map());
  expect(picture(diagonal)).toEqual(["1000", "0100", "0010", "0001"]);
});

test("what is outside the image changes nothing, not even on its other side", () => {
  const image = plane(3, 3);
  expect(stroke(image, at(-5, 1.5), at(-5, 1.5), paint(3), new Map())).toBe(false);
  expect(stroke(image, at(4.9, 1.5), at(4.9, 1.5), paint(2), new Map())).toBe(false);
  expect(image.labels.every((label) => label === 0)).toBe(true);
});

test("painting takes a pixel from another segment; erasing takes it from the chosen one only", () => {
  const image = plane(1, 3);
  image.labels.set([1, 2, 0]);
  stroke(image, at(0.5, 0.5), at(2.5, 0.5), { mode: "erase", segment: 2, size: 1 }, new Map());
  expect(picture(image)).toEqual(["100"]);
  stroke(image, at(0.5, 0.5), at(0.5, 0.5), paint(1, 2), new Map());
  expect(picture(image)).toEqual(["200"]);
});

test("a stroke that crosses itself is undone to what was there before it", () => {
  const image = plane(2, 4);
  image.labels.set([0, 2, 0, 1]);
  const changes: Changes = new Map();
  stroke(image, at(0.5, 0.5), at(3.5, 0.5), paint(1), changes);
  stroke(image, at(3.5, 0.5), at(0.5, 0.5), { mode: "erase", segment: 1, size: 1 }, changes);
  expect(picture(image)).toEqual(["0000", "0000"]);
  undo(image, changes);
  expect(picture(image)).toEqual(["0201", "0000"]);
});
