import { expect, test } from "vitest";
import { sortImages, type SeriesImage } from "./series-images.js";

const image = (instanceNumber: number, z: number | undefined): SeriesImage => ({
  imageId: "",
  sopInstanceUid: `1.${instanceNumber}`,
  sopClassUid: "",
  frameNumber: 1,
  metadata: { "00200013": { vr: "IS", Value: [instanceNumber] } },
  rows: 1,
  columns: 1,
  position: z === undefined ? undefined : [0, 0, z],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
});

test("images are sorted by where they are, not by their number", () => {
  expect(sortImages([image(1, 30), image(2, 10), image(3, 20)]).map(({ position }) => position?.[2])).toEqual(
    [10, 20, 30],
  );
});

test("without positions the instance number decides", () => {
  expect(
    sortImages([image(3, 5), image(1, undefined), image(2, 7)]).map(({ sopInstanceUid }) => sopInstanceUid),
  ).toEqual(["1.1", "1.2", "1.3"]);
});
