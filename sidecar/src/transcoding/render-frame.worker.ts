import { createHash } from "node:crypto";
import type { PixelFormat } from "../dicom/frame.js";
import { FrameError } from "./frame-error.js";
import { Htj2kCodec } from "./htj2k-codec.js";
import { Jpeg2000Codec } from "./jpeg2000-codec.js";

export interface RenderFrameTask {
  /** Little-endian samples or, for `jpeg2000`, the codestream. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly encoding: "samples" | "jpeg2000";
  readonly format: PixelFormat;
}

export type RenderFrameResult =
  | {
      readonly ok: true;
      readonly codestream: Uint8Array;
      readonly bitsPerSample: number;
      readonly pixelSha256: string;
    }
  | { readonly ok: false; readonly reason: string };

const htj2k = await Htj2kCodec.load();
let jpeg2000: Jpeg2000Codec | undefined;

/** Encodes a frame, decodes the result and compares, in a worker thread. */
export default async function renderFrame({
  bytes,
  encoding,
  format,
}: RenderFrameTask): Promise<RenderFrameResult> {
  try {
    const samples =
      encoding === "samples" ? bytes : (jpeg2000 ??= await Jpeg2000Codec.load()).decode(bytes, format);
    const bitsPerSample = precision(samples, format);
    const codestream = htj2k.encode(samples, format, bitsPerSample);
    htj2k.decode(codestream, (decoded, info) => {
      const same =
        info.width === format.columns &&
        info.height === format.rows &&
        info.bitsPerSample === bitsPerSample &&
        info.isSigned === format.signed &&
        info.componentCount === format.samplesPerPixel &&
        Buffer.compare(decoded, samples) === 0;
      if (!same) throw new FrameError("its HTJ2K rendition does not decode to the same pixels");
    });
    const pixelSha256 = createHash("sha256").update(samples).digest("hex");
    return { ok: true, codestream, bitsPerSample, pixelSha256 };
  } catch (error) {
    if (error instanceof FrameError) return { ok: false, reason: error.message };
    throw error;
  }
}

/**
 * Bits written to the codestream: Bits Stored, unless a sample uses more (old overlays live in the unused high bits,
 * PS3.5 8.1.2): then all that are allocated, so that every stored bit survives. 16-bit words stay above 8 bits, or
 * decoders hand them out as bytes.
 */
export function precision(
  bytes: Uint8Array,
  { bitsAllocated, bitsStored, signed, samplesPerPixel }: PixelFormat,
): number {
  if (bitsAllocated === 8) return samplesPerPixel === 3 ? 8 : fits8(bytes, bitsStored) ? bitsStored : 8;
  const wanted = Math.max(9, bitsStored);
  if (wanted === 16) return 16;
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  // Signed values are moved so that those which fit are the ones below the limit, as with unsigned ones.
  const shift = signed ? 1 << (wanted - 1) : 0;
  return largest(words, shift) < 1 << wanted ? wanted : 16;
}

/** The largest of the words after a shift, modulo 2^16. A plain loop: this looks at every pixel of every image. */
function largest(words: Uint16Array, shift: number): number {
  let found = 0;
  for (let index = 0; index < words.length; index += 1) {
    const value = ((words[index] ?? 0) + shift) & 0xffff;
    if (value > found) found = value;
  }
  return found;
}

function fits8(bytes: Uint8Array, bitsStored: number): boolean {
  return bitsStored === 8 || bytes.every((value) => value < 1 << bitsStored);
}
