import { expect, test } from "vitest";
import { packFrames, segmentFrames, type LabelPlane } from "./label-map.js";

const plane = (labels: number[]): LabelPlane => ({
  positionMm: [0, 0, 0],
  sopClassUid: "1.2",
  sopInstanceUid: "1.2.3",
  labels: Uint8Array.from(labels),
});

test("frames run on within a byte, the first pixel in the lowest bit, the end padded to two bytes", () => {
  const planes = [plane([1, 0, 1]), plane([0, 0, 0]), plane([1, 1, 0])];
  const frames = segmentFrames(planes, [1]);
  expect(frames.map(({ planeIndex }) => planeIndex)).toEqual([0, 2]);
  expect([...packFrames(frames, 3)]).toEqual([0b011101, 0]);
});

test("frames come by segment, then by position, and only where the segment is", () => {
  const planes = [plane([2, 1]), plane([1, 0])];
  const frames = segmentFrames(planes, [1, 2]);
  expect(frames.map(({ segmentNumber, planeIndex }) => [segmentNumber, planeIndex])).toEqual([
    [1, 0],
    [1, 1],
    [2, 0],
  ]);
  expect([...packFrames(frames, 2)]).toEqual([0b010110, 0]);
});
