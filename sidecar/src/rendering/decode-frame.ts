import { isOfSize } from "../transcoding/image-size.js";
import { LOAD_DECODER, type CodestreamDecoder } from "../transcoding/load-decoder.js";
import type { FrameToDecode } from "./picture.js";

type Samples = Uint8Array | Uint16Array | Int16Array;

const loaded = new Map<keyof typeof LOAD_DECODER, Promise<new () => CodestreamDecoder>>();

/**
 * Decodes a frame that Orthanc does not.
 * @returns its samples, colour by pixel; null where they could be others than were acquired
 */
export async function decodeFrame(frame: FrameToDecode): Promise<Samples | null> {
  const { codestream, coding, format } = frame;
  if (!isOfSize(codestream, format)) return null;
  let loading = loaded.get(coding);
  if (loading === undefined) loaded.set(coding, (loading = LOAD_DECODER[coding]()));
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
    // Both codecs lose the sign of what fits into a byte: every negative value comes out as 0.
    if (info.isSigned && !wide) return null;
    if (frame.insistOnSign === true && info.isSigned !== format.signed) return null;
    if (!wide) return bytes;
    return info.isSigned ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer);
  } catch {
    // What was broken may have left anything in its memory.
    loaded.delete(coding);
    return null;
  } finally {
    decoder.delete();
  }
}

/**
 * As {@link decodeFrame}, in the bytes of Explicit VR Little Endian: words where 16 bits are allocated, however few the
 * codestream has.
 */
export async function decodeToBytes(frame: FrameToDecode): Promise<Uint8Array | null> {
  const samples = await decodeFrame(frame);
  if (samples === null) return null;
  const { bitsAllocated } = frame.format;
  if (samples.BYTES_PER_ELEMENT * 8 > bitsAllocated) return null;
  const words = bitsAllocated === 8 ? samples : Int16Array.from(samples);
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
