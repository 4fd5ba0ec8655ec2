import { FileFormatError, type ByteFeed } from "./byte-feed.js";
import { copyValue, tagAt, takeElementHeader } from "./explicit-element.js";

const PREAMBLE = 128;
const GROUP_LENGTH = 0x00020000;
const TRANSFER_SYNTAX_UID = 0x00020010;

export interface FileMeta {
  /** Preamble, prefix and File Meta Information with another Transfer Syntax UID; all else as it was (PS3.10 7.1). */
  readonly bytes: Buffer;
  readonly transferSyntaxUid: string;
}

/** Takes the beginning of a Part 10 file up to its data set. */
export async function takeFileMeta(feed: ByteFeed, newTransferSyntaxUid: string): Promise<FileMeta> {
  const start = await feed.take(PREAMBLE + 4);
  if (start.toString("latin1", PREAMBLE) !== "DICM") throw new FileFormatError("it is not a DICOM file");
  const elements: Buffer[] = [];
  let transferSyntaxUid = "";
  for (;;) {
    const next = await feed.peek(4);
    if (next.byteLength < 4 || tagAt(next) >>> 16 !== 0x0002) break;
    const header = await takeElementHeader(feed);
    if (header === undefined) break;
    const value: Buffer[] = [];
    await copyValue(feed, header, (bytes) => value.push(bytes));
    if (header.tag === GROUP_LENGTH) continue;
    if (header.tag === TRANSFER_SYNTAX_UID) {
      transferSyntaxUid = Buffer.concat(value).toString("latin1").replace(/\0+$/, "").trim();
      elements.push(uidElement(header.bytes, newTransferSyntaxUid));
    } else elements.push(header.bytes, ...value);
  }
  if (transferSyntaxUid === "") throw new FileFormatError("it does not say its transfer syntax");
  const group = Buffer.concat(elements);
  const length = Buffer.from([2, 0, 0, 0, 0x55, 0x4c, 4, 0, 0, 0, 0, 0]);
  length.writeUInt32LE(group.byteLength, 8);
  return { bytes: Buffer.concat([start, length, group]), transferSyntaxUid };
}

function uidElement(header: Buffer, uid: string): Buffer {
  const value = Buffer.from(uid.length % 2 === 0 ? uid : `${uid}\0`, "latin1");
  const changed = Buffer.from(header);
  changed.writeUInt16LE(value.byteLength, 6);
  return Buffer.concat([changed, value]);
}
