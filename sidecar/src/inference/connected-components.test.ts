import { expect, test } from "vitest";
import { dropSpecks } from "./connected-components.js";

function planes(...pictures: string[][]): Uint8Array[] {
  return pictures.map((rows) => Uint8Array.from(Array.from(rows.join(""), Number)));
}

test("islands below the minimum go, the others stay", () => {
  const labels = planes(["1100", "0000", "0010"]);
  dropSpecks(labels, 4, () => 2);
  expect(labels).toEqual(planes(["1100", "0000", "0000"]));
});

test("voxels of adjacent slices belong together, diagonal neighbours do not", () => {
  const labels = planes(["100", "000", "001"], ["100", "010", "000"]);
  dropSpecks(labels, 3, () => 2);
  expect(labels).toEqual(planes(["100", "000", "000"], ["100", "000", "000"]));
});

test("the end of a row is no neighbour of the next row's start", () => {
  const labels = planes(["001", "100"]);
  dropSpecks(labels, 3, () => 2);
  expect(labels).toEqual(planes(["000", "000"]));
});

test("each label has its own islands and its own minimum", () => {
  const labels = planes(["1221", "0220"]);
  dropSpecks(labels, 4, (label) => (label === 1 ? 2 : 4));
  expect(labels).toEqual(planes(["0220", "0220"]));
});
