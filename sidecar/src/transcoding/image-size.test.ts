import { beforeAll, describe, expect, test } from "vitest";
import type { PixelFormat } from "../dicom/frame.js";
import { isOfSize } from "./image-size.js";
import { Jpeg2000Codec } from "./jpeg2000-codec.js";
import { FrameRenderer } from "./render-frame.js";

const format: PixelFormat = {
  rows: 40,
  columns: 50,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
  photometricInterpretation: "MONOCHROME2",
};
let codestream: Uint8Array;

beforeAll(async () => {
  const renderer = await FrameRenderer.load(await Jpeg2000Codec.load());
  ({ codestream } = await renderer.render({ bytes: new Uint8Array(4_000), encoding: "samples", format }));
});

describe("the size a codestream says", () => {
  test("is the data set's, also behind a JP2 header", () => {
    expect(isOfSize(codestream, format)).toBe(true);
    const wrapped = Buffer.concat([Buffer.from("\0\0\0\x0cjP  \r\n\x87\n", "latin1"), codestream]);
    expect(isOfSize(wrapped, format)).toBe(true);
  });

  test("is another where it has other rows, columns or components", () => {
    for (const other of [{ rows: 41 }, { columns: 49 }, { samplesPerPixel: 3 }] as const)
      expect(isOfSize(codestream, { ...format, ...other })).toBe(false);
  });

  test("is another where a component is not of every pixel: OpenJPH loops for ever on some of these", () => {
    for (const at of [43, 44]) {
      const subsampled = Buffer.from(codestream);
      subsampled[at] = 254;
      expect(isOfSize(subsampled, format)).toBe(false);
    }
  });

  test("is none where the bytes end before it, or are something else", () => {
    for (const end of [0, 1, 4, 20, 41]) expect(isOfSize(codestream.subarray(0, end), format)).toBe(false);
    expect(isOfSize(new Uint8Array(100), format)).toBe(false);
  });
});
