import { FileFormatError, type ByteFeed } from "./byte-feed.js";
import { UNDEFINED_LENGTH, copyItems, isLong, type ElementHeader } from "./explicit-element.js";
import { valueRepresentation } from "./value-representation.js";

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const PIXEL_REPRESENTATION = 0x00280103;
const DEEPEST = 64;
/** Bytes that are swapped together in big endian (PS3.5 7.3). */
const WORD: Readonly<Record<string, 2 | 4 | 8>> = {
  ...{ US: 2, SS: 2, OW: 2, AT: 2 },
  ...{ UL: 4, SL: 4, FL: 4, OF: 4, OL: 4 },
  ...{ FD: 8, OD: 8, OV: 8, SV: 8, UV: 8 },
};

type Copy = (bytes: Buffer) => void;
interface Scope {
  signed: boolean;
}

/**
 * Reads a data set in Implicit VR Little Endian or Explicit VR Big Endian (PS3.5 A.1, A.3) and gives it in Explicit VR
 * Little Endian: the values byte by byte as they are, swapped where they are numbers in the other order. Text is never
 * looked at. Retired group lengths are left out, as they would be wrong (PS3.5 7.2).
 */
export class ForeignDataSet {
  private readonly top: Scope = { signed: false };

  constructor(
    private readonly feed: ByteFeed,
    private readonly encoding: "implicit" | "big-endian",
  ) {}

  /** The header of the next element, as it is written in Explicit VR Little Endian; undefined at the end. */
  async takeHeader(): Promise<ElementHeader | undefined> {
    return (await this.feed.peek(1)).byteLength === 0 ? undefined : this.take(this.top);
  }

  copyValue(header: ElementHeader, copy: Copy): Promise<void> {
    return this.value(header, copy, this.top, 0);
  }

  /** Everything up to the end of the file. */
  async copyRest(copy: Copy): Promise<void> {
    for (let header = await this.takeHeader(); header !== undefined; header = await this.takeHeader()) {
      copy(header.bytes);
      await this.copyValue(header, copy);
    }
  }

  private async take(scope: Scope): Promise<ElementHeader> {
    const start = await this.feed.take(8);
    const tag = this.u16(start, 0) * 0x10000 + this.u16(start, 2);
    if (tag >>> 16 === 0xfffe) return { tag, vr: "", length: this.u32(start, 4), bytes: start };
    if (this.encoding === "implicit") {
      const length = start.readUInt32LE(4);
      return explicitHeader(tag, valueRepresentation(tag, scope.signed), length);
    }
    const vr = start.toString("latin1", 4, 6);
    if (!/^[A-Z]{2}$/.test(vr)) throw new FileFormatError("an element has no value representation");
    const length = isLong(vr) ? (await this.feed.take(4)).readUInt32BE(0) : start.readUInt16BE(6);
    return explicitHeader(tag, vr, length);
  }

  private async value(
    { tag, vr, length }: ElementHeader,
    copy: Copy,
    scope: Scope,
    depth: number,
  ): Promise<void> {
    if (vr === "SQ") await this.sequence(length, copy, scope, depth);
    // In UN of undefined length is Implicit VR Little Endian, and stays so (PS3.5 6.2.2, note 4).
    else if (length === UNDEFINED_LENGTH) await copyItems(this.feed, true, copy, depth);
    else {
      const bytes = Buffer.from(await this.feed.take(length));
      const word = this.encoding === "big-endian" ? WORD[vr] : undefined;
      if (word !== undefined) swap(bytes, word);
      if (tag === PIXEL_REPRESENTATION && length === 2) scope.signed = bytes.readUInt16LE(0) === 1;
      copy(bytes);
    }
  }

  /** Lengths change with the headers within: all are written as undefined. */
  private async sequence(length: number, copy: Copy, scope: Scope, depth: number): Promise<void> {
    if (depth > DEEPEST) throw new FileFormatError("its sequences are nested too deeply");
    const end = length === UNDEFINED_LENGTH ? Infinity : this.feed.position + length;
    while (this.feed.position < end) {
      const { tag, length: itemLength } = await this.take(scope);
      if (tag === SEQUENCE_END) break;
      if (tag !== ITEM) throw new FileFormatError("a sequence holds something other than items");
      copy(delimiter(ITEM, UNDEFINED_LENGTH));
      await this.item(itemLength, copy, { ...scope }, depth);
      copy(delimiter(ITEM_END, 0));
    }
    copy(delimiter(SEQUENCE_END, 0));
  }

  private async item(length: number, copy: Copy, scope: Scope, depth: number): Promise<void> {
    const end = length === UNDEFINED_LENGTH ? Infinity : this.feed.position + length;
    while (this.feed.position < end) {
      const header = await this.take(scope);
      if (header.tag === ITEM_END) return;
      if ((header.tag & 0xffff) === 0) {
        await this.feed.skip(header.length);
        continue;
      }
      copy(header.bytes);
      await this.value(header, copy, scope, depth + 1);
    }
  }

  private u16(bytes: Buffer, at: number): number {
    return this.encoding === "implicit" ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  }

  private u32(bytes: Buffer, at: number): number {
    return this.encoding === "implicit" ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  }
}

function explicitHeader(tag: number, vr: string, length: number): ElementHeader {
  // What is too long for the VR's short length is written as unknown (PS3.5 6.2.2, note 5).
  const written = !isLong(vr) && length > 0xffff ? "UN" : vr;
  const bytes = Buffer.alloc(isLong(written) ? 12 : 8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.write(written, 4, "latin1");
  if (isLong(written)) bytes.writeUInt32LE(written === "SQ" ? UNDEFINED_LENGTH : length, 8);
  else bytes.writeUInt16LE(length, 6);
  return { tag, vr, length, bytes };
}

function delimiter(tag: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(tag >>> 16, 0);
  bytes.writeUInt16LE(tag & 0xffff, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

function swap(bytes: Buffer, word: 2 | 4 | 8): void {
  if (bytes.byteLength % word !== 0) throw new FileFormatError("a number is cut off");
  if (word === 2) bytes.swap16();
  else if (word === 4) bytes.swap32();
  else bytes.swap64();
}
