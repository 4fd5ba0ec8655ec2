import { once } from "node:events";
import type { Readable } from "node:stream";
import { createInflateRaw } from "node:zlib";
import { ByteFeed, FileFormatError, LARGEST_PIECE } from "./byte-feed.js";
import { encapsulate } from "./encapsulate.js";
import {
  UNDEFINED_LENGTH,
  copyValue,
  skipFragments,
  takeElementHeader,
  type ElementHeader,
} from "./explicit-element.js";
import { takeFileMeta } from "./file-meta.js";
import { ForeignDataSet } from "./foreign-data-set.js";
import { TRANSFER_SYNTAX } from "./transfer-syntax.js";

const PHOTOMETRIC_INTERPRETATION = 0x00280004;
const PLANAR_CONFIGURATION = 0x00280006;
const EXTENDED_OFFSET_TABLE = 0x7fe00001;
const EXTENDED_OFFSET_TABLE_LENGTHS = 0x7fe00002;
const PIXEL_DATA = 0x7fe00010;

/** Group lengths that would be wrong afterwards; they are retired (PS3.5 7.2). */
const WRONG_GROUP_LENGTHS: ReadonlySet<number> = new Set([0x00280000, 0x7fe00000]);

/**
 * A Part 10 file with its pixels as HTJ2K (1.2.840.10008.1.2.4.202) instead. Nothing is decoded and written again: but
 * for Transfer Syntax UID, Pixel Data, and what says how its colours are laid out, every byte of a value stays (a library
 * that rewrites the data set would harm character sets; Orthanc's GDCM adds attributes). The original's pixels pass
 * through without being held.
 * @returns the new file in pieces
 * @throws FileFormatError
 */
export async function withHtj2kPixels(
  original: Readable | AsyncIterable<Uint8Array>,
  frames: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  const file = new ByteFeed(original);
  const { bytes: meta, transferSyntaxUid } = await takeFileMeta(file, TRANSFER_SYNTAX.HTJ2KLosslessRPCL);
  const deflated = transferSyntaxUid === TRANSFER_SYNTAX.DeflatedExplicitVRLittleEndian;
  const feed = deflated ? new ByteFeed(inflated(file)) : file;
  const elements = elementsOf(feed, transferSyntaxUid);

  const dataSet: Buffer[] = [meta];
  let size = 0;
  const copy = (bytes: Buffer) => {
    size += bytes.byteLength;
    if (size > LARGEST_PIECE) throw new FileFormatError("its data set is too large besides the pixels");
    dataSet.push(bytes);
  };
  for (;;) {
    const header = await elements.takeHeader();
    if (header === undefined) throw new FileFormatError("it has no pixel data");
    if (header.tag === PIXEL_DATA) {
      if (header.length === UNDEFINED_LENGTH) await skipFragments(feed);
      else await feed.skip(header.length);
      break;
    }
    if (elements.leavesOut(header.tag)) await feed.skip(header.length);
    else if (header.tag === PHOTOMETRIC_INTERPRETATION) {
      const value = await feed.take(header.length);
      // The codestream has the reversible colour transform in it (PS3.5 8.2.4, PS3.3 C.7.6.3.1.2).
      if (value.toString("latin1").trim() === "RGB")
        copy(Buffer.from("\x28\0\x04\0CS\x08\0YBR_RCT ", "latin1"));
      else [header.bytes, value].forEach(copy);
    } else if (header.tag === PLANAR_CONFIGURATION && header.length === 2) {
      await feed.skip(header.length);
      copy(header.bytes);
      copy(Buffer.from([0, 0]));
    } else {
      copy(header.bytes);
      await elements.copyValue(header, copy);
    }
  }
  const before = Buffer.concat(dataSet.splice(0));
  await elements.copyRest(copy);
  return [before, ...encapsulate(frames), ...dataSet];
}

interface Elements {
  /** With its header in Explicit VR Little Endian; undefined at the end. */
  takeHeader(): Promise<ElementHeader | undefined>;
  copyValue(header: ElementHeader, copy: (bytes: Buffer) => void): Promise<void>;
  leavesOut(tag: number): boolean;
  /** What follows the pixels. */
  copyRest(copy: (bytes: Buffer) => void): Promise<void>;
}

function elementsOf(feed: ByteFeed, transferSyntaxUid: string): Elements {
  const isOffsetTable = (tag: number) =>
    tag === EXTENDED_OFFSET_TABLE || tag === EXTENDED_OFFSET_TABLE_LENGTHS;
  const implicit = transferSyntaxUid === TRANSFER_SYNTAX.ImplicitVRLittleEndian;
  if (implicit || transferSyntaxUid === TRANSFER_SYNTAX.ExplicitVRBigEndian) {
    const dataSet = new ForeignDataSet(feed, implicit ? "implicit" : "big-endian");
    return {
      takeHeader: () => dataSet.takeHeader(),
      copyValue: (header, copy) => dataSet.copyValue(header, copy),
      leavesOut: (tag) => isOffsetTable(tag) || (tag & 0xffff) === 0,
      copyRest: (copy) => dataSet.copyRest(copy),
    };
  }
  return {
    takeHeader: () => takeElementHeader(feed),
    copyValue: (header, copy) => copyValue(feed, header, copy),
    leavesOut: (tag) => isOffsetTable(tag) || WRONG_GROUP_LENGTHS.has(tag),
    // Not all that stands there is an element: some programs fill files up.
    copyRest: async (copy) => {
      for await (const bytes of feed.rest()) copy(bytes);
    },
  };
}

/** @throws FileFormatError by its iteration, when the bytes are not deflated ones */
async function* inflated(file: ByteFeed): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw();
  // The one who iterates is told of it; a stream that nobody reads any more must not end the process.
  inflate.on("error", () => undefined);
  void (async () => {
    try {
      for await (const bytes of file.rest()) {
        if (inflate.destroyed) return;
        if (!inflate.write(bytes)) await Promise.race([once(inflate, "drain"), once(inflate, "close")]);
      }
      inflate.end();
    } catch (error) {
      inflate.destroy(error as Error);
    }
  })();
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code?.startsWith("Z_")
      ? new FileFormatError("its data set cannot be inflated")
      : error;
  }
}
