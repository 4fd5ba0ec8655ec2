import { FileFormatError } from "./byte-feed.js";

/** What a Basic Offset Table can say. */
const LARGEST_OFFSET = 0xffffffff;
const PADDING = Buffer.alloc(1);

/**
 * The Pixel Data element of compressed frames, one fragment for each, behind a Basic Offset Table (PS3.5 A.4).
 * @returns the bytes in pieces: frames are not copied
 * @throws FileFormatError beyond 4 GiB, which a rendition is not: it is one attachment, held as a whole when it is made
 */
export function encapsulate(frames: readonly Uint8Array[]): Uint8Array[] {
  const padded = frames.map(({ byteLength }) => byteLength + (byteLength % 2));
  const offsets: number[] = [];
  let end = 0;
  for (const length of padded) {
    offsets.push(end);
    end += 8 + length;
  }
  if ((offsets.at(-1) ?? 0) > LARGEST_OFFSET)
    throw new FileFormatError("its rendition is too large for one file");
  const table = Buffer.alloc(4 * offsets.length);
  offsets.forEach((offset, index) => table.writeUInt32LE(offset, 4 * index));
  const pieces: Uint8Array[] = [
    Buffer.from("\xe0\x7f\x10\0OB\0\0\xff\xff\xff\xff", "latin1"),
    item(table.byteLength),
    table,
  ];
  frames.forEach((frame, index) => {
    const length = padded[index] ?? 0;
    pieces.push(item(length), frame);
    if (length > frame.byteLength) pieces.push(PADDING);
  });
  pieces.push(Buffer.from("\xfe\xff\xdd\xe0\0\0\0\0", "latin1"));
  return pieces;
}

function item(length: number): Buffer {
  const header = Buffer.from("\xfe\xff\0\xe0\0\0\0\0", "latin1");
  header.writeUInt32LE(length, 4);
  return header;
}
