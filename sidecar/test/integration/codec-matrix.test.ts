import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { DataSet } from "../../src/dicom/data-set.js";
import type { PixelFormat } from "../../src/dicom/frame.js";
import { TRANSFER_SYNTAX } from "../../src/dicom/transfer-syntax.js";
import { Htj2kCodec } from "../../src/transcoding/htj2k-codec.js";
import { Jpeg2000Codec } from "../../src/transcoding/jpeg2000-codec.js";
import { FrameRenderer } from "../../src/transcoding/render-frame.js";
import { renderability } from "../../src/transcoding/renderable.js";
import { insistOnRpcl } from "../../src/transcoding/rpcl-rules.js";
import { decodeIndependently, interleave } from "../stack/opj-decompress.js";

const run = promisify(execFile);
const grey = (bitsStored: number, signed = false): PixelFormat => ({
  rows: 1,
  columns: 1,
  samplesPerPixel: 1,
  bitsAllocated: bitsStored > 8 ? 16 : 8,
  bitsStored,
  signed,
  photometricInterpretation: "MONOCHROME2",
});
const RGB: PixelFormat = { ...grey(8), samplesPerPixel: 3, photometricInterpretation: "RGB" };
const FORMATS: readonly (readonly [string, PixelFormat])[] = [
  ["u8", grey(8)],
  ["u8 MONOCHROME1", { ...grey(8), photometricInterpretation: "MONOCHROME1" }],
  ["u10", grey(10)],
  ["u12", grey(12)],
  ["u16", grey(16)],
  ["s12", grey(12, true)],
  ["s16", grey(16, true)],
  ["RGB8", RGB],
];
const SIZES = [
  [1, 1],
  [1, 300],
  [300, 1],
  [511, 511],
  [64, 65],
  [3, 30_000],
  [512, 512],
] as const;

let renderer: FrameRenderer;
let codec: Htj2kCodec;

beforeAll(async () => {
  [renderer, codec] = await Promise.all([FrameRenderer.load(await Jpeg2000Codec.load()), Htj2kCodec.load()]);
});

/** Samples that use every stored bit: noise, so that no shortcut of the coder hides a mistake. */
function noise(
  { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed }: PixelFormat,
  seed: number,
) {
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return signed ? state >> (32 - bitsStored) : state >>> (32 - bitsStored);
  };
  const length = rows * columns * samplesPerPixel;
  const samples = bitsAllocated === 8 ? Uint8Array.from({ length }, next) : Int16Array.from({ length }, next);
  return new Uint8Array(samples.buffer);
}

/** What OpenJPEG makes of a codestream, colour by pixel. */
async function independently(codestream: Uint8Array, { samplesPerPixel }: PixelFormat): Promise<Buffer> {
  const decoded = await decodeIndependently(codestream);
  return samplesPerPixel === 3 ? interleave(decoded, 3) : decoded;
}

describe.each(FORMATS)("%s", (_name, format) => {
  test.each(SIZES)("of %i × %i decodes bit for bit in a decoder that is not ours", async (rows, columns) => {
    const sized = { ...format, rows, columns };
    const bytes = noise(sized, rows + columns);
    const { codestream, pixelSha256 } = await renderer.render({ bytes, encoding: "samples", format: sized });
    insistOnRpcl(codestream);
    const decoded = await independently(codestream, sized);
    expect(Buffer.compare(decoded, bytes)).toBe(0);
    expect(createHash("sha256").update(decoded).digest("hex")).toBe(pixelSha256);
  });
});

test("any size, depth and sign decodes bit for bit in a decoder that is not ours", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(
        RGB,
        grey(8),
        ...[9, 10, 11, 12, 13, 14, 15, 16].flatMap((bits) => [grey(bits), grey(bits, true)]),
      ),
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 200 }),
      fc.integer(),
      async (base, rows, columns, seed) => {
        const format = { ...base, rows, columns };
        const bytes = noise(format, seed);
        const { codestream } = await renderer.render({ bytes, encoding: "samples", format });
        expect(Buffer.compare(await independently(codestream, format), bytes)).toBe(0);
      },
    ),
    { numRuns: 60, seed: 7 },
  );
}, 60_000);

describe("what the codec gets wrong is not rendered", () => {
  const says = (values: Record<string, string>) =>
    renderability(
      DataSet.fromOrthancTags(
        Object.fromEntries(
          Object.entries({
            "0028,0002": "1",
            "0028,0004": "MONOCHROME2",
            "0028,0010": "9",
            "0028,0011": "9",
            ...values,
          }).map(([tag, Value]) => [tag, { Type: "String", Value }]),
        ),
      ),
      TRANSFER_SYNTAX.ExplicitVRLittleEndian,
    );

  // These two fail when a newer codec has learnt it: then it may be rendered.
  test("signed 8-bit: another decoder sees other pixels than were encoded", async () => {
    const format = { ...grey(8, true), rows: 40, columns: 50 };
    const bytes = noise(format, 3);
    const other = await independently(codec.encode(bytes, format, 8), format).catch(() => Buffer.alloc(0));
    expect(Buffer.compare(other, bytes)).not.toBe(0);
    const signed = { "0028,0100": "8", "0028,0101": "8", "0028,0103": "1", "7fe0,0010": "" };
    expect(says(signed)).toMatchObject({
      renderable: false,
      reason: expect.stringContaining("signed 8-bit") as string,
    });
  });

  test("16-bit RGB: another decoder sees other pixels than were encoded", async () => {
    const format = { ...RGB, bitsAllocated: 16, bitsStored: 16, rows: 40, columns: 50 };
    const bytes = noise(format, 4);
    const other = await independently(codec.encode(bytes, format, 16), format).catch(() => Buffer.alloc(0));
    expect(Buffer.compare(other, bytes)).not.toBe(0);
    const rgb16 = {
      "0028,0002": "3",
      "0028,0004": "RGB",
      "0028,0100": "16",
      "0028,0101": "16",
      "0028,0103": "0",
    };
    expect(says({ ...rgb16, "7fe0,0010": "" })).toMatchObject({
      renderable: false,
      reason: expect.stringContaining("other than unsigned 8-bit") as string,
    });
  });

  test("RGB without colour transform, written rightly by another encoder: our decoder gets it wrong, theirs right", async () => {
    const format = { ...RGB, rows: 80, columns: 100 };
    const bytes = noise(format, 5);
    const foreign = await compressElsewhere(bytes, format, { colourTransform: false });
    expect(Buffer.compare(await independently(foreign, format), bytes)).toBe(0);
    codec.decode(foreign, (decoded) => expect(Buffer.compare(decoded, bytes)).not.toBe(0));
    // So it is never asked for: colour is always written with the transform, which both decoders read alike.
    const { codestream } = await renderer.render({ bytes, encoding: "samples", format });
    expect(insistOnRpcl(codestream).multipleComponentTransform).toBe(true);
  });

  test("RGB with colour transform, written by another encoder, decodes rightly in ours", async () => {
    const format = { ...RGB, rows: 80, columns: 100 };
    const bytes = noise(format, 6);
    const foreign = await compressElsewhere(bytes, format, { colourTransform: true });
    codec.decode(foreign, (decoded) => expect(Buffer.compare(decoded, bytes)).toBe(0));
  });
});

/** An HTJ2K codestream by OpenJPH's own program. */
async function compressElsewhere(
  bytes: Uint8Array,
  { rows, columns }: PixelFormat,
  { colourTransform }: { readonly colourTransform: boolean },
): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), "ojph-"));
  try {
    const [input, output] = [join(directory, "image.ppm"), join(directory, "image.j2c")];
    await writeFile(input, Buffer.concat([Buffer.from(`P6\n${columns} ${rows}\n255\n`), bytes]));
    const options = ["-reversible", "true", "-colour_trans", String(colourTransform)];
    await run("ojph_compress", ["-i", input, "-o", output, ...options]);
    return await readFile(output);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
