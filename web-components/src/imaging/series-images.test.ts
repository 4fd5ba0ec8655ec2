import { expect, test } from "vitest";
import { imagesOf, sortImages, type SeriesImage } from "./series-images.js";

const image = (instanceNumber: number, z: number | undefined): SeriesImage => ({
  imageId: "",
  sopInstanceUid: `1.${instanceNumber}`,
  sopClassUid: "",
  frameNumber: 1,
  metadata: { "00200013": { vr: "IS", Value: [instanceNumber] } },
  rows: 1,
  columns: 1,
  spacing: undefined,
  valueUnit: "",
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

test("frames of an Enhanced image lie where their own functional groups say, else the shared ones", () => {
  const numbers = (Value: number[]) => ({ vr: "DS", Value });
  const sequence = (...Value: object[]) => ({ vr: "SQ", Value });
  const at = (z: number) => ({ "00209113": sequence({ "00200032": numbers([0, 0, z]) }) });
  const frames = imagesOf(
    {
      "00080018": { vr: "UI", Value: ["1.2"] },
      "00280008": { vr: "IS", Value: [3] },
      "00280010": { vr: "US", Value: [4] },
      "00280011": { vr: "US", Value: [4] },
      "52009229": sequence({ "00209116": sequence({ "00200037": numbers([0, 1, 0, 0, 0, -1]) }) }),
      "52009230": sequence(at(30), at(10), at(20)),
    },
    "",
  );
  expect(frames.map(({ frameNumber, position }) => [frameNumber, position?.[2]])).toEqual([
    [1, 30],
    [2, 10],
    [3, 20],
  ]);
  expect(frames[1]?.columnDirection).toEqual([0, 0, -1]);
});
