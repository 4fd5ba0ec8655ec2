import { describe, expect, test } from "vitest";
import { DataSet } from "../dicom/data-set.js";
import { renderability } from "./renderable.js";

const EXPLICIT = "1.2.840.10008.1.2.1";
const image = {
  "0028,0002": "1",
  "0028,0004": "MONOCHROME2",
  "0028,0010": "64",
  "0028,0011": "32",
  "0028,0100": "16",
  "0028,0101": "12",
  "0028,0103": "0",
  "7fe0,0010": "pixels",
};

function of(change: Record<string, string | undefined>, transferSyntax = EXPLICIT) {
  const values = Object.entries<string | undefined>({ ...image, ...change }).filter(
    ([, value]) => value !== undefined,
  );
  return renderability(
    DataSet.fromOrthancTags(
      Object.fromEntries(values.map(([tag, Value]) => [tag, { Type: "String", Value }])),
    ),
    transferSyntax,
  );
}

describe("an instance is renderable", () => {
  test("from its stored bytes when they are little endian and interleaved", () => {
    expect(of({})).toMatchObject({
      renderable: true,
      numberOfFrames: 1,
      source: "native",
      format: { rows: 64, columns: 32 },
    });
    expect(
      of({ "0028,0002": "3", "0028,0004": "RGB", "0028,0100": "8", "0028,0101": "8", "0028,0006": "1" }),
    ).toMatchObject({ source: "archive" });
    expect(of({}, "1.2.840.10008.1.2.2")).toMatchObject({ source: "archive" });
    expect(of({}, "1.2.840.10008.1.2.4.90")).toMatchObject({ source: "jpeg2000" });
  });
});

describe("an instance is not renderable", () => {
  test.each([
    [{ "7fe0,0010": undefined }, EXPLICIT, "no pixel data"],
    [{ "7fe0,0010": undefined, "7fe0,0008": "floats" }, EXPLICIT, "floating-point"],
    [{ "0028,0100": "8", "0028,0101": "8", "0028,0103": "1" }, EXPLICIT, "signed 8-bit"],
    [{ "0028,0002": "3", "0028,0004": "RGB" }, EXPLICIT, "other than unsigned 8-bit"],
    [{ "0028,0004": "PALETTE COLOR" }, EXPLICIT, "PALETTE COLOR"],
    [{ "0028,0002": "3", "0028,0004": "YBR_FULL", "0028,0100": "8", "0028,0101": "8" }, EXPLICIT, "YBR_FULL"],
    [{ "0028,0100": "32", "0028,0101": "32" }, EXPLICIT, "32 bits"],
    [{ "0028,0100": "1", "0028,0101": "1" }, EXPLICIT, "1 bits"],
    [{ "0028,0010": undefined }, EXPLICIT, "does not say rows"],
    [{ "0028,0008": "1A" }, EXPLICIT, "number of frames"],
    [{ "0028,0101": "17" }, EXPLICIT, "17 bits stored"],
    [{}, "1.2.840.10008.1.2.4.91", "lossy"],
    [{}, "1.2.840.10008.1.2.4.50", "lossy"],
    [{}, "1.2.840.10008.1.2.4.102", "video"],
    [{}, "1.2.840.10008.1.2.4.201", "HTJ2K already"],
    [{}, "1.2.3", "not known"],
  ])("%o in %s, because %s", (change, transferSyntax, reason) => {
    expect(of(change, transferSyntax)).toMatchObject({
      renderable: false,
      reason: expect.stringContaining(reason) as string,
    });
  });
});
