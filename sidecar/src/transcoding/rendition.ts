import { crc32 } from "node:zlib";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";

/**
 * The attachment that holds an instance's rendition: HTJ2K codestreams of all frames behind a table of contents.
 *
 *     bytes 0–7   "NNHTJ2K" and a zero byte
 *     bytes 8–11  length of the header, unsigned, little endian
 *     then        the header, JSON (see RenditionHeader), then the codestreams one after another
 */
export const RENDITION_MAGIC = Buffer.from("NNHTJ2K\0", "latin1");

/** Version of format and codec settings together: a change asks for all renditions to be made again. */
export const RENDITION_FORMAT = 2;

/** The header of the attachment. */
export interface RenditionHeader {
  readonly format: typeof RENDITION_FORMAT;
  readonly transferSyntaxUid: typeof TRANSFER_SYNTAX.HTJ2KLosslessRPCL;
  readonly codec: string;
  /** Orthanc's identifier of the file it was made of: it must not be shown for another. */
  readonly fileUuid: string;
  readonly frames: readonly RenditionFrame[];
}

export interface RenditionFrame {
  /** Bytes from the end of the header. */
  readonly offset: number;
  readonly length: number;
  /** CRC-32 (RFC 1952) of the codestream, checked whenever the rendition is read. */
  readonly crc32: number;
  /** SHA-256 of the decoded little-endian samples. */
  readonly pixelSha256: string;
}

export interface RenderedFrame {
  readonly codestream: Uint8Array<ArrayBuffer>;
  readonly pixelSha256: string;
}

/**
 * One attachment from the frames of an instance, in their order.
 * @param allocate gives room for so many bytes
 */
export function packRendition(
  codec: string,
  fileUuid: string,
  frames: readonly RenderedFrame[],
  allocate: (bytes: number) => Buffer<ArrayBuffer> = (bytes) => Buffer.from(new ArrayBuffer(bytes)),
): Buffer<ArrayBuffer> {
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
  const start = RENDITION_MAGIC.byteLength + 4 + json.byteLength;
  const packed = allocate(start + offset);
  RENDITION_MAGIC.copy(packed);
  packed.writeUInt32LE(json.byteLength, RENDITION_MAGIC.byteLength);
  json.copy(packed, RENDITION_MAGIC.byteLength + 4);
  frames.forEach(({ codestream }, index) => packed.set(codestream, start + (table[index]?.offset ?? 0)));
  return packed;
}
