import type { PixelFormat } from "../dicom/frame.js";

/** SOC, and SIZ right behind it (ISO/IEC 15444-1 A.5.1). */
const BEGINNING = Buffer.from([0xff, 0x4f, 0xff, 0x51]);
/** Lsiz and Rsiz, then Xsiz, Ysiz, XOsiz, YOsiz, four of the tiles, and Csiz. */
const SIZE_BYTES = 38;
/** Ssiz, XRsiz and YRsiz, of each component. */
const COMPONENT_BYTES = 3;

/**
 * Whether the header of a JPEG 2000 codestream says the size that the data set does, of each component. To be asked
 * before it is decoded: a decoder takes memory and time for whatever a few bytes say. Some programs put a JP2 header before the codestream.
 */
export function isOfSize(codestream: Uint8Array, { columns, rows, samplesPerPixel }: PixelFormat): boolean {
  const view = Buffer.from(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  const start = view.indexOf(BEGINNING);
  const size = view.subarray(start + BEGINNING.byteLength);
  if (start < 0 || size.byteLength < SIZE_BYTES + COMPONENT_BYTES * samplesPerPixel) return false;
  const components = size.subarray(SIZE_BYTES, SIZE_BYTES + COMPONENT_BYTES * samplesPerPixel);
  const at = (index: number) => size.readUInt32BE(4 + 4 * index);
  return (
    at(0) - at(2) === columns &&
    at(1) - at(3) === rows &&
    size.readUInt16BE(SIZE_BYTES - 2) === samplesPerPixel &&
    components.every((value, index) => index % COMPONENT_BYTES === 0 || value === 1)
  );
}
