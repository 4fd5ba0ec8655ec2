import { expect, test } from "vitest";
import { DataSet } from "../dicom/data-set.js";
import type { DecodedFrame, PixelFormat } from "../dicom/frame.js";
import { modalityValues } from "./pixel-values.js";
import { rescaleOf } from "./rescale.js";

const FORMAT: PixelFormat = {
  rows: 1,
  columns: 3,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
  photometricInterpretation: "MONOCHROME2",
};

function values(
  samples: DecodedFrame["samples"],
  tags: Record<string, string> = {},
  format: Partial<PixelFormat> = {},
): number[] {
  const elements = Object.entries(tags).map(([tag, Value]) => [tag, { Type: "String", Value }]);
  const whole = { ...FORMAT, ...format };
  const dataSet = DataSet.fromOrthancTags(Object.fromEntries(elements));
  return [...modalityValues({ ...whole, samples }, whole, rescaleOf(dataSet, dataSet))];
}

test("stored values are modality values when there is no rescale", () => {
  expect(values(Uint16Array.of(0, 7, 4095))).toEqual([0, 7, 4095]);
});

test("each instance's own slope and intercept count", () => {
  expect(values(Uint16Array.of(0, 1, 2), { "0028,1053": "2", "0028,1052": "-1024" })).toEqual([
    -1024, -1022, -1020,
  ]);
});

test("signed stored values stay signed", () => {
  expect(values(Int16Array.of(-2048, -1, 2047), {}, { signed: true })).toEqual([-2048, -1, 2047]);
});

test("MONOCHROME1 is turned around within its range: bright is high", () => {
  const inverted = { photometricInterpretation: "MONOCHROME1" };
  expect(values(Uint16Array.of(0, 1, 4095), {}, inverted)).toEqual([4095, 4094, 0]);
  expect(values(Int16Array.of(-2048, 0, 2047), {}, { ...inverted, signed: true })).toEqual([2047, -1, -2048]);
});

test("Hounsfield units are not turned around by how they are shown", () => {
  const ct = { "0008,0060": "CT", "0028,1053": "1", "0028,1052": "-1024" };
  const inverted = { photometricInterpretation: "MONOCHROME1" };
  expect(values(Uint16Array.of(0, 1024, 4095), ct, inverted)).toEqual([-1024, 0, 3071]);
});

test("bits above those that are stored are no value: overlays, a sign that is not extended", () => {
  expect(values(Uint16Array.of(0x8005, 0x1fff, 0xf000))).toEqual([5, 4095, 0]);
  expect(values(Int16Array.of(0x0c18, 0x07ff, -32768), {}, { signed: true })).toEqual([-1000, 2047, 0]);
  expect(values(Uint8Array.of(0x8f, 7, 0xff), {}, { bitsAllocated: 8, bitsStored: 7 })).toEqual([15, 7, 127]);
  expect(values(Uint16Array.of(65535, 0, 1), {}, { bitsStored: 16 })).toEqual([65535, 0, 1]);
});

test("pixel padding is found before and after bits above the stored ones are left out", () => {
  expect(values(Uint16Array.of(63536, 5, 6), { "0028,0120": "63536" })).toEqual([0, 5, 6]);
  expect(values(Int16Array.of(0x0830, 5, 6), { "0028,0120": "-2000" }, { signed: true })).toEqual([
    -2048, 5, 6,
  ]);
});

test("pixel padding becomes the lowest value", () => {
  expect(values(Int16Array.of(-2000, 5, 6), { "0028,0120": "-2000" }, { signed: true })).toEqual([
    -2048, 5, 6,
  ]);
});

test("a slope of 0 and a frame of another size are refused", () => {
  expect(() => values(Uint16Array.of(1, 2, 3), { "0028,1053": "0" })).toThrow(/slope/i);
  expect(() => values(Uint16Array.of(1, 2))).toThrow(/not what its data set says/);
});
