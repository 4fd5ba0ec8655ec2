import { expect, test } from "vitest";
import type { SeriesImage } from "../imaging/series-images.js";
import { misfit } from "./fits-images.js";
import type { FramePlane, Segmentation, SegmentationFrame } from "./read-segmentation.js";

const image = {
  sopInstanceUid: "1.2.1",
  frameNumber: 1,
  rows: 64,
  columns: 64,
  position: [0, 0, 10],
  rowDirection: [1, 0, 0],
  columnDirection: [0, 1, 0],
  spacing: { rowMm: 2, columnMm: 2, atDetector: false },
} as unknown as SeriesImage;
const PLANE: FramePlane = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0], spacingMm: [2, 2] };

function seg(size: number, frame: Partial<SegmentationFrame>): Segmentation {
  const whole: SegmentationFrame = {
    segmentNumber: 1,
    sourceSopInstanceUid: "1.2.1",
    sourceFrameNumber: undefined,
    position: [0, 0, 10],
    plane: PLANE,
    coverage: () => new Uint8Array(size * size),
    coverageAt: () => 0,
    ...frame,
  };
  return { sopInstanceUid: "1.9", rows: size, columns: size, segments: [], frames: [whole] };
}

test("one on the images' own grid fits, and one of twice the resolution over the same field of view", () => {
  expect(misfit(seg(64, {}), [image])).toBeUndefined();
  const fine = { position: [-0.5, -0.5, 10], plane: { ...PLANE, spacingMm: [1, 1] } } as const;
  expect(misfit(seg(128, fine), [image])).toBeUndefined();
});

test("another field of view, another place and another direction are not stretched over the image", () => {
  expect(misfit(seg(32, {}), [image])).toBe("other-grid");
  expect(misfit(seg(64, { position: [20, 0, 10] }), [image])).toBe("other-grid");
  const mirrored: FramePlane = { ...PLANE, rowDirection: [-1, 0, 0] };
  expect(misfit(seg(64, { plane: mirrored }), [image])).toBe("other-grid");
});

test("one that is of none of the images says so; an empty one is empty", () => {
  expect(misfit(seg(64, { sourceSopInstanceUid: "1.2.7" }), [image])).toBe("on-no-image");
  expect(misfit({ ...seg(64, {}), frames: [] }, [image])).toBeUndefined();
});

test("without geometry the number of pixels has to be the same", () => {
  const unknown: FramePlane = { rowDirection: undefined, columnDirection: undefined, spacingMm: undefined };
  expect(misfit(seg(64, { position: undefined, plane: unknown }), [image])).toBeUndefined();
  expect(misfit(seg(32, { position: undefined, plane: unknown }), [image])).toBe("other-grid");
});
