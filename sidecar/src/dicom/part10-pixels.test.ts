import { expect, test } from "vitest";
import { part10File, type Part10Element } from "../../test/stack/part10.js";
import { TAG } from "./tag.js";
import { readNativePixels } from "./part10-pixels.js";
import { TRANSFER_SYNTAX } from "./transfer-syntax.js";

const us = (value: number) => String.fromCharCode(value & 0xff, value >> 8);
const elements: readonly Part10Element[] = [
  { tag: 0x00080016, vr: "UI", value: "1.2.840.10008.5.1.4.1.1.4\0" },
  { tag: 0x00280002, vr: "US", value: us(1) },
  { tag: 0x00280004, vr: "CS", value: "MONOCHROME2 " },
  { tag: 0x00280008, vr: "IS", value: "1 " },
  { tag: 0x00280010, vr: "US", value: us(2) },
  { tag: 0x00280011, vr: "US", value: us(300) },
  { tag: 0x7fe00010, vr: "OW", value: "\x01\x02\x03\x04" },
];
const { ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian } = TRANSFER_SYNTAX;

test.each([ExplicitVRLittleEndian, ImplicitVRLittleEndian])(
  "pixels and what describes them come out of a file in %s",
  (syntax) => {
    const read = readNativePixels(part10File(elements, syntax), syntax);
    expect([...(read?.pixelData ?? [])]).toEqual([1, 2, 3, 4]);
    expect(read?.dataSet.number(TAG.Columns)).toBe(300);
    expect(read?.dataSet.number(TAG.NumberOfFrames)).toBe(1);
    expect(read?.dataSet.string(TAG.PhotometricInterpretation)).toBe("MONOCHROME2");
    expect(read?.dataSet.has(TAG.BitsAllocated)).toBe(false);
    expect(read?.dataSet.has(TAG.PixelData)).toBe(true);
  },
);

test("a number that is not one unsigned short counts as not stated", () => {
  const odd = elements.map((element) =>
    element.tag === 0x00280010 ? { ...element, value: "2   " } : element,
  );
  const read = readNativePixels(part10File(odd), ExplicitVRLittleEndian);
  expect(read?.dataSet.has(TAG.Rows)).toBe(false);
});

test.each([
  ["of another syntax", part10File(elements, ExplicitVRBigEndian), ExplicitVRBigEndian],
  ["that says another syntax than the archive", part10File(elements), ImplicitVRLittleEndian],
  ["without preamble", part10File(elements).subarray(132), ExplicitVRLittleEndian],
  ["that ends within its pixels", part10File(elements).subarray(0, -2), ExplicitVRLittleEndian],
  ["without pixels", part10File(elements.slice(0, -1)), ExplicitVRLittleEndian],
  ["whose elements do not ascend", part10File([...elements].reverse()), ExplicitVRLittleEndian],
])("a file %s is left to the archive's own reading", (_which, file, syntax) => {
  expect(readNativePixels(file, syntax)).toBeUndefined();
});
