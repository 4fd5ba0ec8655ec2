import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PixelFormat } from "../dicom/frame.js";
import { Htj2kCodec } from "./htj2k-codec.js";
import { Jpeg2000Codec } from "./jpeg2000-codec.js";
import { FrameRenderer, precision } from "./render-frame.js";

const mono = (format: Partial<PixelFormat>): PixelFormat => ({
  rows: 4,
  columns: 4,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  signed: false,
  photometricInterpretation: "MONOCHROME2",
  ...format,
});

function words(values: number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from(values).buffer);
}

describe("precision of the codestream", () => {
  test("is Bits Stored when all samples fit", () => {
    expect(precision(words([0, 4095]), mono({}))).toBe(12);
    expect(precision(words([0xf800, 0x07ff]), mono({ signed: true }))).toBe(12);
  });
  test("is all that is allocated when an overlay uses the high bits", () => {
    expect(precision(words([0x1000]), mono({}))).toBe(16);
    expect(precision(words([0x0800]), mono({ signed: true }))).toBe(16);
  });
  test("stays above eight bits for words, or decoders answer bytes", () => {
    expect(precision(words([255]), mono({ bitsStored: 8 }))).toBe(9);
  });
});

test("any image of the supported formats decodes to the same pixels", async () => {
  const [codec, renderer] = await Promise.all([
    Htj2kCodec.load(),
    FrameRenderer.load(await Jpeg2000Codec.load()),
  ]);
  const formats = fc.constantFrom(
    mono({ bitsAllocated: 8, bitsStored: 8 }),
    mono({ bitsAllocated: 8, bitsStored: 8, samplesPerPixel: 3, photometricInterpretation: "RGB" }),
    mono({ bitsStored: 10 }),
    mono({ bitsStored: 16 }),
    mono({ bitsStored: 12, signed: true }),
    mono({ bitsStored: 16, signed: true }),
  );
  await fc.assert(
    fc.asyncProperty(
      formats,
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer(),
      async (base, rows, columns, seed) => {
        const format = { ...base, rows, columns };
        const bytes = noise(rows * columns * format.samplesPerPixel * (format.bitsAllocated / 8), seed);
        const { codestream } = await renderer.render({ bytes, encoding: "samples", format });
        codec.decode(codestream, (decoded) => expect(Buffer.compare(decoded, bytes)).toBe(0));
      },
    ),
    { numRuns: 60, seed: 1 },
  );
});

test("a JPEG 2000 frame that cannot be decoded is a reason, not a crash", async () => {
  const renderer = await FrameRenderer.load(await Jpeg2000Codec.load());
  const broken = { bytes: Uint8Array.of(1, 2, 3, 4), encoding: "jpeg2000", format: mono({}) } as const;
  await expect(renderer.render(broken)).rejects.toThrow(
    expect.objectContaining({
      name: "FrameError",
      message: expect.stringContaining("JPEG 2000 codestream") as string,
    }) as Error,
  );
});

function noise(length: number, seed: number): Uint8Array<ArrayBuffer> {
  let state = seed | 0 || 1;
  return Uint8Array.from({ length }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 0xff;
  });
}
