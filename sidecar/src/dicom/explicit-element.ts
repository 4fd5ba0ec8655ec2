import { FileFormatError, type ByteFeed } from "./byte-feed.js";

/** A length that is not said: a delimiter ends it (PS3.5 7.5). */
export const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
/** Two bytes reserved, then four of length (PS3.5 7.1.2). */
const LONG_VR = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const DEEPEST = 64;

export interface ElementHeader {
  /** ggggeeee as a number. */
  readonly tag: number;
  /** Empty for implicit VR and for items. */
  readonly vr: string;
  readonly length: number;
  /** The header as it stands. */
  readonly bytes: Buffer;
}

/** Takes the header of the next element in Explicit VR Little Endian; undefined at the end. */
export async function takeElementHeader(feed: ByteFeed): Promise<ElementHeader | undefined> {
  if ((await feed.peek(1)).byteLength === 0) return undefined;
  const start = await feed.peek(8);
  if (start.byteLength < 8) throw new FileFormatError("the file ends within an element");
  const tag = tagAt(start);
  if (tag >>> 16 === 0xfffe) return { tag, vr: "", length: start.readUInt32LE(4), bytes: await feed.take(8) };
  const vr = start.toString("latin1", 4, 6);
  if (!/^[A-Z]{2}$/.test(vr)) throw new FileFormatError("an element has no value representation");
  if (!LONG_VR.has(vr)) return { tag, vr, length: start.readUInt16LE(6), bytes: await feed.take(8) };
  const bytes = await feed.take(12);
  return { tag, vr, length: bytes.readUInt32LE(8), bytes };
}

export function isLong(vr: string): boolean {
  return LONG_VR.has(vr);
}

export function tagAt(bytes: Buffer): number {
  return bytes.readUInt16LE(0) * 0x10000 + bytes.readUInt16LE(2);
}

/**
 * Takes the value of an element byte by byte as it is, whatever is nested in it.
 * @param copy gets each piece in turn
 */
export async function copyValue(
  feed: ByteFeed,
  { vr, length }: Pick<ElementHeader, "vr" | "length">,
  copy: (bytes: Buffer) => void,
): Promise<void> {
  if (length !== UNDEFINED_LENGTH) {
    copy(await feed.take(length));
    return;
  }
  // UN of undefined length is a sequence in Implicit VR Little Endian (PS3.5 6.2.2, note 4).
  await copyItems(feed, vr === "UN", copy, 0);
}

/** Copies the items of a sequence of undefined length as they are, its delimiter included. */
export async function copyItems(
  feed: ByteFeed,
  implicit: boolean,
  copy: (bytes: Buffer) => void,
  depth: number,
): Promise<void> {
  if (depth > DEEPEST) throw new FileFormatError("its sequences are nested too deeply");
  for (;;) {
    const header = await feed.take(8);
    copy(header);
    const tag = tagAt(header);
    if (tag === SEQUENCE_END) return;
    if (tag !== ITEM) throw new FileFormatError("a sequence holds something other than items");
    const length = header.readUInt32LE(4);
    if (length !== UNDEFINED_LENGTH) copy(await feed.take(length));
    else await copyItem(feed, implicit, copy, depth);
  }
}

async function copyItem(
  feed: ByteFeed,
  implicit: boolean,
  copy: (bytes: Buffer) => void,
  depth: number,
): Promise<void> {
  for (;;) {
    const header = implicit ? await takeImplicitHeader(feed) : await takeElementHeader(feed);
    if (header === undefined) throw new FileFormatError("the file ends within an item");
    copy(header.bytes);
    if (header.tag === ITEM_END) return;
    if (header.length === UNDEFINED_LENGTH)
      await copyItems(feed, implicit || header.vr === "UN", copy, depth + 1);
    else copy(await feed.take(header.length));
  }
}

async function takeImplicitHeader(feed: ByteFeed): Promise<ElementHeader> {
  const bytes = await feed.take(8);
  return { tag: tagAt(bytes), vr: "", length: bytes.readUInt32LE(4), bytes };
}

/** Passes over an encapsulated value: items up to the delimiter (PS3.5 A.4). */
export async function skipFragments(feed: ByteFeed): Promise<void> {
  for (;;) {
    const header = await feed.take(8);
    const tag = tagAt(header);
    if (tag === SEQUENCE_END) return;
    if (tag !== ITEM) throw new FileFormatError("its pixel data holds something other than fragments");
    await feed.skip(header.readUInt32LE(4));
  }
}
