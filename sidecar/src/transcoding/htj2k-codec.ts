import { createRequire } from "node:module";
import type { PixelFormat } from "../dicom/frame.js";
import { silently } from "./codec-output.js";
import { BASE_RESOLUTION } from "./rpcl-rules.js";

/** The part of `@cornerstonejs/codec-openjph` (OpenJPH in WebAssembly) that is used here. */
interface OpenJph {
  HTJ2KEncoder: new () => {
    getDecodedBuffer(info: FrameInfo): Uint8Array;
    getEncodedBuffer(): Uint8Array;
    setDecompositions(levels: number): void;
    setQuality(reversible: boolean, quantization: number): void;
    setProgressionOrder(order: number): void;
    setTLMMarker(write: boolean): void;
    setTilePartDivisionsAtResolutions(divide: boolean): void;
    encode(): void;
    delete(): void;
  };
  HTJ2KDecoder: new () => {
    getEncodedBuffer(bytes: number): Uint8Array;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): FrameInfo;
    decode(): void;
    delete(): void;
  };
}

export interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
  readonly isUsingColorTransform: boolean;
}

/** Name and pinned version, kept in each rendition (the package exports no version of its own). */
export const CODEC = "@cornerstonejs/codec-openjph 2.4.11";
/** ISO/IEC 15444-1 table A.16 */
const PROGRESSION_RPCL = 2;

export class Htj2kCodec {
  private constructor(private readonly openJph: OpenJph) {}

  static async load(): Promise<Htj2kCodec> {
    const create = createRequire(import.meta.url)("@cornerstonejs/codec-openjph") as (
      options: ReturnType<typeof silently>,
    ) => Promise<OpenJph>;
    return new Htj2kCodec(await create(silently()));
  }

  /**
   * Encodes samples losslessly as HTJ2K for transfer syntax 1.2.840.10008.1.2.4.202: RPCL, TLM, a tile-part per resolution.
   * @param samples little-endian bytes, rows × columns × samples
   * @param bitsPerSample precision written to the codestream
   * @param allocate gives room for the codestream
   */
  encode(
    samples: Uint8Array,
    format: PixelFormat,
    bitsPerSample: number,
    allocate: (bytes: number) => Uint8Array<ArrayBuffer> = (bytes) => new Uint8Array(bytes),
  ): Uint8Array<ArrayBuffer> {
    const encoder = new this.openJph.HTJ2KEncoder();
    try {
      const input = encoder.getDecodedBuffer({
        width: format.columns,
        height: format.rows,
        bitsPerSample,
        componentCount: format.samplesPerPixel,
        isSigned: format.signed,
        isUsingColorTransform: format.samplesPerPixel === 3,
      });
      if (input.byteLength !== samples.byteLength) {
        throw new Error(`the encoder takes ${input.byteLength} bytes, the frame has ${samples.byteLength}`);
      }
      input.set(samples);
      encoder.setDecompositions(decompositions(format));
      encoder.setQuality(true, 0);
      encoder.setProgressionOrder(PROGRESSION_RPCL);
      encoder.setTLMMarker(true);
      encoder.setTilePartDivisionsAtResolutions(true);
      encoder.encode();
      const encoded = encoder.getEncodedBuffer();
      const codestream = allocate(encoded.byteLength);
      codestream.set(encoded);
      return codestream;
    } finally {
      encoder.delete();
    }
  }

  /**
   * Decodes with a decoder of its own: a used one hands back the previous frame when the next is broken.
   * @param use gets the decoded bytes in the codec's memory, valid only during the call
   */
  decode<T>(codestream: Uint8Array, use: (samples: Uint8Array, info: FrameInfo) => T): T {
    const decoder = new this.openJph.HTJ2KDecoder();
    try {
      decoder.getEncodedBuffer(codestream.byteLength).set(codestream);
      decoder.decode();
      return use(decoder.getDecodedBuffer(), decoder.getFrameInfo());
    } finally {
      decoder.delete();
    }
  }
}

/** At least one level: without any, the codec gets some 8-bit images wrong (found by the property test). */
function decompositions({ rows, columns }: PixelFormat): number {
  return Math.max(1, Math.ceil(Math.log2(Math.max(rows, columns) / BASE_RESOLUTION)));
}
