import { expect, test } from "vitest";
import type { SeriesImage } from "../imaging/series-images.js";
import { EditedSegmentation } from "./edited-segmentation.js";
import { imageOfLargestArea } from "./largest-area.js";
import { outlineOf } from "./outline.js";
import type { Segmentation } from "./read-segmentation.js";

const images = ["1.1", "1.2", "1.3"].map((sopInstanceUid, index) => ({
  imageId: `id-${sopInstanceUid}`,
  sopInstanceUid,
  frameNumber: 1,
  rows: 2,
  columns: 2,
  position: [0, 0, index] as const,
})) as unknown as SeriesImage[];

const frame = (segmentNumber: number, sourceSopInstanceUid: string | undefined, pixels: number[], z = 0) => ({
  segmentNumber,
  sourceSopInstanceUid,
  sourceFrameNumber: undefined,
  position: [0, 0, z] as const,
  coverage: () => Uint8Array.from(pixels),
  coverageAt: (pixel: number) => pixels[pixel] ?? 0,
});

const segmentation: Segmentation = {
  sopInstanceUid: "2.1",
  rows: 2,
  columns: 2,
  segments: [1, 2].map((number) => ({ number, label: `Segment ${number}`, colorRgb: [1, 2, 3] as const })),
  frames: [
    frame(1, "1.1", [255, 0, 0, 0]),
    frame(1, "1.2", [255, 255, 0, 0]),
    frame(2, "1.1", [0, 0, 200, 200]),
    frame(2, undefined, [0, 0, 250, 250], 2),
  ],
};

test("the image with the most of a segment is found by source or position; of a fractional one the shares count", () => {
  expect(imageOfLargestArea(segmentation, 1, images)).toBe(1);
  expect(imageOfLargestArea(segmentation, 2, images)).toBe(2);
  expect(imageOfLargestArea(segmentation, 3, images)).toBe(-1);
});

test("the outline is what touches the outside, an image's edge included", () => {
  const filled = new Uint8Array(25).fill(255);
  expect([...outlineOf(filled, 5, 5)].filter((value) => value === 255)).toHaveLength(16);
  const dot = Uint8Array.from([0, 0, 0, 0, 200, 100, 0, 0, 0]);
  expect([...outlineOf(dot, 3, 3)]).toEqual([0, 0, 0, 0, 255, 0, 0, 0, 0]);
});

test("what is edited begins as it was, and strokes are undone one by one", () => {
  const edited = new EditedSegmentation(segmentation, images);
  const labels = () => edited.planes.map((plane) => [...plane.labels]);
  const before = [
    [1, 0, 2, 2],
    [1, 1, 0, 0],
    [0, 0, 2, 2],
  ];
  expect(labels()).toEqual(before);
  expect(edited.canUndo).toBe(false);
  const [, second, third] = images;
  if (second === undefined || third === undefined) throw new Error("three images");
  edited.begin(second, { column: 0.5, row: 1.5 }, { mode: "paint", segment: 2, size: 1 });
  edited.move({ column: 1.5, row: 1.5 }, { mode: "paint", segment: 2, size: 1 });
  edited.end();
  edited.begin(third, { column: 0.5, row: 1.5 }, { mode: "erase", segment: 2, size: 1 });
  edited.end();
  expect(labels()).toEqual([before[0], [1, 1, 2, 2], [0, 0, 0, 2]]);
  expect(
    edited.frames.map(({ segmentNumber, sourceSopInstanceUid }) => [segmentNumber, sourceSopInstanceUid]),
  ).toEqual([
    [1, "1.1"],
    [2, "1.1"],
    [1, "1.2"],
    [2, "1.2"],
    [2, "1.3"],
  ]);
  expect(edited.undo()).toBe(third);
  expect(edited.undo()).toBe(second);
  expect(edited.undo()).toBeUndefined();
  expect(labels()).toEqual(before);
});

test("a segmentation that does not lie on the images is not edited", () => {
  expect(() => new EditedSegmentation(segmentation, images.slice(0, 2))).toThrow("none of the images");
  expect(() => new EditedSegmentation({ ...segmentation, rows: 3 }, images)).toThrow("rows or columns");
});
