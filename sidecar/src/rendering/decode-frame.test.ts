import { createRequire } from "node:module";
import { expect, test } from "vitest";
import type { PixelFormat } from "../dicom/frame.js";
import { decodeFrame, decodeToBytes } from "./decode-frame.js";

const ROWS = 64;
const COLUMNS = 96;

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setQuality(lossless: boolean, rate: number): void;
  encode(): void;
  delete(): void;
}

async function jpeg2000(bitsPerSample: number, isSigned: boolean): Promise<[Uint8Array, Uint8Array]> {
  const create = createRequire(import.meta.url)("@cornerstonejs/codec-openjpeg") as () => Promise<{
    J2KEncoder: new () => Encoder;
  }>;
  const encoder = new (await create()).J2KEncoder();
  const input = encoder.getDecodedBuffer({
    width: COLUMNS,
    height: ROWS,
    bitsPerSample,
    componentCount: 1,
    isSigned,
  });
  const words = bitsPerSample > 8 ? new Uint16Array(ROWS * COLUMNS) : new Uint8Array(ROWS * COLUMNS);
  const lowest = isSigned ? -(2 ** (bitsPerSample - 1)) : 0;
  words.forEach((_, index) => (words[index] = lowest + ((index * 37) % 2 ** bitsPerSample)));
  const samples = new Uint8Array(words.buffer);
  input.set(samples);
  encoder.setQuality(true, 0);
  encoder.encode();
  const codestream = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return [codestream, samples];
}

const format = (bitsAllocated: number, bitsStored: number, signed: boolean): PixelFormat => ({
  rows: ROWS,
  columns: COLUMNS,
  samplesPerPixel: 1,
  bitsAllocated,
  bitsStored,
  signed,
  photometricInterpretation: "MONOCHROME2",
});

test.each([
  [8, false],
  [12, false],
  [16, false],
  [12, true],
  [16, true],
])("JPEG 2000 of %d bits, signed %s, decodes to what was encoded", async (bits, signed) => {
  const [codestream, samples] = await jpeg2000(bits, signed);
  const bytes = await decodeToBytes({
    codestream,
    coding: "jpeg2000",
    format: format(bits > 8 ? 16 : 8, bits, signed),
  });
  expect(Buffer.compare(bytes ?? Buffer.alloc(0), samples)).toBe(0);
});

test.each([8, 16])(
  "signed 8 bits in %d are not decoded: the codec loses their sign",
  async (bitsAllocated) => {
    const [codestream] = await jpeg2000(8, true);
    expect(
      await decodeFrame({ codestream, coding: "jpeg2000", format: format(bitsAllocated, 8, true) }),
    ).toBeNull();
  },
);

test("another sign than the data set's is for nobody who computes with the values", async () => {
  const [codestream] = await jpeg2000(12, true);
  const frame = { codestream, coding: "jpeg2000", format: format(16, 12, false) } as const;
  expect(await decodeFrame(frame)).not.toBeNull();
  expect(await decodeFrame({ ...frame, insistOnSign: true })).toBeNull();
  expect(await decodeFrame({ ...frame, format: format(16, 12, true), insistOnSign: true })).not.toBeNull();
});
