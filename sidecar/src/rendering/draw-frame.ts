import { createRequire } from "node:module";
import sharp from "sharp";
import { greyLevels } from "./grey-levels.js";
import type { FrameToDraw, PictureWish } from "./picture.js";

interface Decoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
    readonly isUsingColorTransform: boolean;
  };
  decode(): void;
  delete(): void;
}

const require = createRequire(import.meta.url);
const DECODERS = {
  htj2k: async () =>
    (
      (await (require("@cornerstonejs/codec-openjph") as () => Promise<unknown>)()) as {
        HTJ2KDecoder: new () => Decoder;
      }
    ).HTJ2KDecoder,
  jpeg2000: async () =>
    (
      (await (require("@cornerstonejs/codec-openjpeg/decodewasmjs") as () => Promise<unknown>)()) as {
        J2KDecoder: new () => Decoder;
      }
    ).J2KDecoder,
};
const loaded = new Map<keyof typeof DECODERS, Promise<new () => Decoder>>();

/** Decodes a frame and makes a picture of it; null where that could show something else than was acquired. */
export async function drawFrame(frame: FrameToDraw, wish: PictureWish): Promise<Uint8Array | null> {
  const { rows, columns, samplesPerPixel } = frame.format;
  const pixels = await decode(frame);
  if (pixels === null) return null;
  const levels = samplesPerPixel === 1 ? greyLevels(pixels, frame.greyScale) : Uint8Array.from(pixels);
  const raw = { width: columns, height: rows, channels: samplesPerPixel === 1 ? 1 : 3 } as const;
  let picture = sharp(levels, { raw });
  if (samplesPerPixel === 1) picture = picture.toColourspace("b-w");
  if (wish.viewport !== undefined) {
    const { width, height, part } = wish.viewport;
    if (part !== undefined) {
      if (part.left + part.width > columns || part.top + part.height > rows) return null;
      picture = picture.extract(part);
    }
    picture = picture.resize({ width, height, fit: "inside" });
  }
  return wish.mediaType === "image/png"
    ? picture.png().toBuffer()
    : picture.jpeg({ quality: wish.quality }).toBuffer();
}

async function decode({ codestream, coding, format }: FrameToDraw): Promise<ArrayLike<number> | null> {
  let loading = loaded.get(coding);
  if (loading === undefined) loaded.set(coding, (loading = DECODERS[coding]()));
  // A decoder of its own: a used one hands back the previous frame when the next is broken.
  const decoder = new (await loading)();
  try {
    decoder.getEncodedBuffer(codestream.byteLength).set(codestream);
    decoder.decode();
    const info = decoder.getFrameInfo();
    const bytes = Uint8Array.from(decoder.getDecodedBuffer());
    const wide = info.bitsPerSample > 8;
    const matches =
      info.width === format.columns &&
      info.height === format.rows &&
      info.componentCount === format.samplesPerPixel &&
      bytes.byteLength === format.rows * format.columns * format.samplesPerPixel * (wide ? 2 : 1);
    // OpenJPH in WebAssembly gets colours wrong that were not transformed, and wide ones (facts, 3).
    const isColour = info.componentCount === 3;
    if (!matches || (isColour && (wide || (coding === "htj2k" && !info.isUsingColorTransform)))) return null;
    if (!wide) return info.isSigned ? new Int8Array(bytes.buffer) : bytes;
    return info.isSigned ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
  } catch {
    return null;
  } finally {
    decoder.delete();
  }
}
