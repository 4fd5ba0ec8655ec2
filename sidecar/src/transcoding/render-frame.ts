import { hash } from "node:crypto";
import type { PixelFormat } from "../dicom/frame.js";
import { CodestreamError } from "./codestream.js";
import { FrameError } from "./frame-error.js";
import { Htj2kCodec } from "./htj2k-codec.js";
import type { Jpeg2000Decoder } from "./jpeg2000-codec.js";
import type { RenderedFrame } from "./rendition.js";
import { insistOnFormat, insistOnRpcl } from "./rpcl-rules.js";

export interface SourceFrame {
  /** Little-endian samples or, for `jpeg2000`, the codestream. */
  readonly bytes: Uint8Array;
  readonly encoding: "samples" | "jpeg2000";
  readonly format: PixelFormat;
}

/** Encodes frames with codecs of its own; one for each thread. */
export class FrameRenderer {
  private constructor(
    private readonly htj2k: Htj2kCodec,
    private readonly jpeg2000: Jpeg2000Decoder,
  ) {}

  static async load(jpeg2000: Jpeg2000Decoder): Promise<FrameRenderer> {
    return new FrameRenderer(await Htj2kCodec.load(), jpeg2000);
  }

  /**
   * Encodes a frame, decodes the result and compares.
   * @param allocate gives room for the codestream; of its own otherwise
   * @throws FrameError when the frame cannot be rendered so that every bit of it comes back
   */
  async render(
    { bytes, encoding, format }: SourceFrame,
    allocate?: (bytes: number) => Uint8Array<ArrayBuffer>,
  ): Promise<RenderedFrame> {
    const samples = encoding === "samples" ? bytes : await this.jpeg2000.decode(bytes, format);
    const bitsPerSample = precision(samples, format);
    const codestream = this.htj2k.encode(samples, format, bitsPerSample, allocate);
    insistOnPromises(codestream, format, bitsPerSample);
    this.htj2k.decode(codestream, (decoded, info) => {
      const same =
        info.width === format.columns &&
        info.height === format.rows &&
        info.bitsPerSample === bitsPerSample &&
        info.isSigned === format.signed &&
        info.componentCount === format.samplesPerPixel &&
        Buffer.compare(decoded, samples) === 0;
      if (!same) throw new FrameError("its HTJ2K rendition does not decode to the same pixels");
    });
    return { codestream, pixelSha256: hash("sha256", samples, "hex") };
  }
}

/** @throws FrameError when the codec wrote something that another decoder might not read */
function insistOnPromises(codestream: Uint8Array, format: PixelFormat, bitsPerSample: number): void {
  try {
    insistOnFormat(insistOnRpcl(codestream), format, bitsPerSample);
  } catch (error) {
    if (!(error instanceof CodestreamError)) throw error;
    throw new FrameError(`its HTJ2K codestream is not what it should be: ${error.message}`);
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
  return usedBits(bytes, signed ? 1 << (wanted - 1) : 0) < 1 << wanted ? wanted : 16;
}

/**
 * Every bit that is set in any of the words after a shift, modulo 2^16: below a power of two just when all words are.
 * Signed values are shifted so that those which fit are the ones below the limit, as with unsigned ones. A plain loop:
 * this looks at every pixel of every image.
 */
function usedBits(bytes: Uint8Array, shift: number): number {
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  let used = 0;
  if (shift !== 0) {
    for (let index = 0; index < words.length; index += 1) used |= (words[index] as number) + shift;
    return used & 0xffff;
  }
  // Two words at a time, from the first address where that can be.
  const skipped = bytes.byteOffset % 4 === 0 ? 0 : 1;
  const count = (words.length - skipped) >> 1;
  if (count > 0) {
    const pairs = new Uint32Array(bytes.buffer, bytes.byteOffset + 2 * skipped, count);
    const last = pairs.length - 3;
    let index = 0;
    for (; index < last; index += 4)
      used |=
        (pairs[index] as number) |
        (pairs[index + 1] as number) |
        (pairs[index + 2] as number) |
        (pairs[index + 3] as number);
    for (; index < pairs.length; index += 1) used |= pairs[index] as number;
  }
  return (used & 0xffff) | (used >>> 16) | (words[0] ?? 0) | (words.at(-1) ?? 0);
}

function fits8(bytes: Uint8Array, bitsStored: number): boolean {
  return bitsStored === 8 || bytes.every((value) => value < 1 << bitsStored);
}
