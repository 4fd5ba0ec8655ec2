import { crc32 } from "node:zlib";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";

/**
 * The attachment that holds an instance's rendition: HTJ2K codestreams of all frames behind a table of contents.
 *
 *     bytes 0–7   "NNHTJ2K" and a zero byte
 *     bytes 8–11  length of the header, unsigned, little endian
 *     then        the header, JSON (see RenditionHeader), then the codestreams one after another
 */
export const RENDITION_MAGIC: Buffer<ArrayBuffer> = Buffer.from("NNHTJ2K\0", "latin1");

/**
 * Version of format and codec settings together. When it is raised, every rendition of an earlier one is made again in
 * the background; until then it goes on being served, if its format is among the readable ones.
 */
export const RENDITION_FORMAT = 2;

/** Formats that `Rendition.open` understands and that decode to the right pixels: take out what must not be served. */
export const READABLE_FORMATS: ReadonlySet<number> = new Set([1, 2]);

/** The header of the attachment. */
export interface RenditionHeader {
  readonly format: number;
  readonly transferSyntaxUid: typeof TRANSFER_SYNTAX.HTJ2KLosslessRPCL;
  readonly codec: string;
  /** Orthanc's identifier of the file it was made of: it must not be shown for another. Format 1 did not say. */
  readonly fileUuid?: string | undefined;
  readonly frames: readonly RenditionFrame[];
}

export interface RenditionFrame {
  /** Bytes from the end of the header. */
  readonly offset: number;
  readonly length: number;
  /** CRC-32 (RFC 1952) of the codestream, checked whenever the rendition is read. Format 1 did not have it. */
  readonly crc32?: number | undefined;
  /** SHA-256 of the decoded little-endian samples. */
  readonly pixelSha256: string;
}

export interface RenderedFrame {
  readonly codestream: Uint8Array<ArrayBuffer>;
  readonly pixelSha256: string;
}

/**
 * One attachment from the frames of an instance, in their order.
 * @returns pieces to be written one after another: frames are not copied together
 */
export function packRendition(
  codec: string,
  fileUuid: string,
  frames: readonly RenderedFrame[],
): Uint8Array<ArrayBuffer>[] {
  let offset = 0;
  const table = frames.map(({ codestream, pixelSha256 }) => {
    const entry = { offset, length: codestream.byteLength, crc32: crc32(codestream), pixelSha256 };
    offset += codestream.byteLength;
    return entry;
  });
  const header: RenditionHeader = {
    format: RENDITION_FORMAT,
    transferSyntaxUid: TRANSFER_SYNTAX.HTJ2KLosslessRPCL,
    codec,
    fileUuid,
    frames: table,
  };
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.byteLength);
  return [Buffer.concat([RENDITION_MAGIC, length, json]), ...frames.map(({ codestream }) => codestream)];
}
