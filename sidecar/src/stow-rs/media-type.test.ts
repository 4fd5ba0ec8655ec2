import { describe, expect, test } from "vitest";
import { boundaryOf, isDicomPart } from "./media-type.js";

describe("the Content-Type of a Store Instances request", () => {
  test.each([
    ['multipart/related; type="application/dicom"; boundary=abc', "abc"],
    ['Multipart/Related;boundary="a b:c";type=application/dicom', "a b:c"],
    ['multipart/related; boundary="a\\"b"; type="application/dicom"', undefined],
    ["multipart/related; boundary=abc", "abc"],
    ['multipart/related; type="application/dicom"; start="<x;boundary=evil>"; boundary=good', "good"],
    ['multipart/related; type="application/dicom"', undefined],
    ["multipart/related; boundary=a; boundary=b", undefined],
    [`multipart/related; boundary=${"x".repeat(71)}`, undefined],
  ])("%s has the boundary %s", (header, boundary) => {
    if (boundary === undefined) expect(() => boundaryOf(header)).toThrow("Content-Type");
    else expect(boundaryOf(header)).toBe(boundary);
  });

  test.each([
    undefined,
    "",
    "application/dicom",
    "application/json",
    "multipart/form-data; boundary=a",
    'multipart/related; type="application/dicom+json"; boundary=a',
    'multipart/related; type="application/dicom+xml"; boundary=a',
  ])("%s is another content", (header) => {
    expect(() => boundaryOf(header)).toThrow(expect.objectContaining({ status: 415 }) as Error);
  });

  test("a part is DICOM by its own header, or by the whole's", () => {
    expect(isDicomPart("Content-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1")).toBe(true);
    expect(isDicomPart("X: 1\r\ncontent-type:application/DICOM")).toBe(true);
    expect(isDicomPart("")).toBe(true);
    expect(isDicomPart("Content-Type: application/octet-stream")).toBe(false);
    expect(isDicomPart("Content-Type: application/dicom\r\nContent-Transfer-Encoding: base64")).toBe(false);
  });
});
