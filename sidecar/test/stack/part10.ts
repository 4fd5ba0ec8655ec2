import { deflateRawSync } from "node:zlib";
import { TRANSFER_SYNTAX } from "../../src/dicom/transfer-syntax.js";

export interface Part10Element {
  readonly tag: number;
  readonly vr: string;
  /** One character is one byte. */
  readonly value: string;
}

const LONG = new Set(["OB", "OW", "UN", "SQ"]);
function element({ tag, vr, value }: Part10Element, syntax: string): Buffer {
  const big = syntax === TRANSFER_SYNTAX.ExplicitVRBigEndian;
  const implicit = syntax === TRANSFER_SYNTAX.ImplicitVRLittleEndian;
  const header = Buffer.alloc(implicit || !LONG.has(vr) ? 8 : 12);
  const u16 = (number: number, at: number) =>
    big ? header.writeUInt16BE(number, at) : header.writeUInt16LE(number, at);
  const u32 = (number: number, at: number) =>
    big ? header.writeUInt32BE(number, at) : header.writeUInt32LE(number, at);
  u16(tag >>> 16, 0);
  u16(tag & 0xffff, 2);
  if (implicit) u32(value.length, 4);
  else {
    header.write(vr, 4, "latin1");
    if (LONG.has(vr)) u32(value.length, 8);
    else u16(value.length, 6);
  }
  return Buffer.concat([header, Buffer.from(value, "latin1")]);
}

/** A Part 10 file of these elements in their order, whatever they are: also what no good program writes. */
export function part10File(
  elements: readonly Part10Element[],
  syntax: string = TRANSFER_SYNTAX.ExplicitVRLittleEndian,
): Buffer {
  const padded = syntax.length % 2 === 0 ? syntax : `${syntax}\0`;
  const meta = element({ tag: 0x00020010, vr: "UI", value: padded }, TRANSFER_SYNTAX.ExplicitVRLittleEndian);
  const dataSet = Buffer.concat(elements.map((each) => element(each, syntax)));
  const deflated = syntax === TRANSFER_SYNTAX.DeflatedExplicitVRLittleEndian;
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    meta,
    deflated ? deflateRawSync(dataSet) : dataSet,
  ]);
}
