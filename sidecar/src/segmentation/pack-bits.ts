/**
 * Packs frames of 0 and 1 for Bits Allocated 1: one stream of bits over all frames, the first pixel in the lowest bit
 * (PS3.5 8.1.1, annex D), padded to an even number of bytes.
 * @param frames all of the same length
 */
export function packBits(frames: readonly Uint8Array[]): ArrayBuffer {
  const length = frames.reduce((sum, frame) => sum + frame.length, 0);
  const packed = new Uint8Array(Math.ceil(length / 16) * 2);
  let bit = 0;
  for (const frame of frames) {
    for (const value of frame) {
      if (value !== 0) packed[bit >> 3] = (packed[bit >> 3] ?? 0) | (1 << (bit & 7));
      bit += 1;
    }
  }
  return packed.buffer;
}
