const SOD = 0xff93;
const SOT = 0xff90;
const EOC = 0xffd9;

/**
 * Where each tile-part of a codestream ends (ISO/IEC 15444-1 A.4.2): the length is in its SOT marker segment. The last
 * one is taken with the end marker behind it.
 */
export function tilePartEnds(codestream: Buffer): number[] {
  let position = 2;
  // Main header: marker segments up to the first SOT.
  while (codestream.readUInt16BE(position) !== SOT) position += 2 + codestream.readUInt16BE(position + 2);
  const ends: number[] = [];
  while (codestream.readUInt16BE(position) === SOT) {
    const length = codestream.readUInt32BE(position + 6);
    if (codestream.indexOf(Buffer.from([SOD >> 8, SOD & 0xff]), position) > position + length)
      throw new Error("a tile-part has no data");
    position += length;
    ends.push(position);
  }
  if (codestream.readUInt16BE(position) !== EOC) throw new Error("the codestream has no end");
  return [...ends.slice(0, -1), codestream.byteLength];
}
