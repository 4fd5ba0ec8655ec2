import type { PixelFormat } from "../dicom/frame.js";
import { FrameError } from "./frame-error.js";
import { isOfSize } from "./image-size.js";
import { LOAD_DECODER, type Jpeg2000WasmDecoder } from "./load-decoder.js";

/**
 * Decodes the frames of JPEG 2000 lossless sources. Broken ones may never come back from a codec, so that a program
 * which serves others decodes in a thread that it can give up.
 */
export interface Jpeg2000Decoder {
  /**
   * @returns little-endian samples, colour by pixel
   * @throws FrameError when the codestream is not what the data set says
   */
  decode(codestream: Uint8Array, format: PixelFormat): Uint8Array | Promise<Uint8Array>;
}

/** OpenJPEG in WebAssembly, for JPEG 2000 lossless sources: stock Orthanc 1.10 hands their frames out undecoded. */
export class Jpeg2000Codec implements Jpeg2000Decoder {
  private constructor(private readonly decoder: new () => Jpeg2000WasmDecoder) {}

  static async load(): Promise<Jpeg2000Codec> {
    return new Jpeg2000Codec(await LOAD_DECODER.jpeg2000());
  }

  decode(codestream: Uint8Array, format: PixelFormat): Uint8Array<ArrayBuffer> {
    if (!isOfSize(codestream, format)) throw otherSize();
    const decoder = new this.decoder();
    try {
      decoder.getEncodedBuffer(codestream.byteLength).set(codestream);
      decoder.decode();
      const info = decoder.getFrameInfo();
      if (
        info.width !== format.columns ||
        info.height !== format.rows ||
        info.componentCount !== format.samplesPerPixel
      ) {
        throw otherSize();
      }
      if (info.isSigned !== format.signed || info.bitsPerSample > 8 !== format.bitsAllocated > 8) {
        throw new FrameError(
          `its JPEG 2000 codestream is ${info.isSigned ? "signed" : "unsigned"} ${info.bitsPerSample}-bit, the data set says ${format.signed ? "signed" : "unsigned"} ${format.bitsStored} in ${format.bitsAllocated}`,
        );
      }
      if (!decoder.getIsReversible())
        throw new FrameError("its JPEG 2000 codestream is lossy although its transfer syntax says lossless");
      // A copy out of the codec's memory, and bytes whatever kind of array it hands out.
      const samples = Uint8Array.from(decoder.getDecodedBuffer());
      const expected = format.rows * format.columns * format.samplesPerPixel * (format.bitsAllocated / 8);
      if (samples.byteLength !== expected)
        throw new FrameError("its JPEG 2000 codestream decodes to another length than the data set says");
      return samples;
    } catch (error) {
      throw error instanceof FrameError
        ? error
        : new FrameError("its JPEG 2000 codestream cannot be decoded");
    } finally {
      decoder.delete();
    }
  }
}

function otherSize(): FrameError {
  return new FrameError("its JPEG 2000 codestream has another size than the data set says");
}
