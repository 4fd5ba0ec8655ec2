import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";

/**
 * The attachment that holds an instance's rendition: HTJ2K codestreams of all frames behind a table of contents.
 *
 *     bytes 0–7   "NNHTJ2K" and a zero byte
 *     bytes 8–11  length of the header, unsigned, little endian
 *     then        the header, JSON (see RenditionHeader), then the codestreams one after another
 */
export const RENDITION_MAGIC = Buffer.from("NNHTJ2K\0", "latin1");

/**
 * Version of format and codec settings together. When it is raised, every rendition of an earlier one is made again in
 * the background; until then it goes on being served, if its format is among the readable ones.
 */
export const RENDITION_FORMAT = 1;

/** Formats that `Rendition.open` understands and that decode to the right pixels: take out what must not be served. */
export const READABLE_FORMATS: ReadonlySet<number> = new Set([1]);

/** The header of the attachment. */
export interface RenditionHeader {
  readonly format: number;
  readonly transferSyntaxUid: typeof TRANSFER_SYNTAX.HTJ2KLosslessRPCL;
  readonly codec: string;
  /** Offset from the end of the header, length in bytes, SHA-256 of the decoded little-endian samples. */
  readonly frames: readonly {
    readonly offset: number;
    readonly length: number;
    readonly pixelSha256: string;
  }[];
}

export interface RenderedFrame {
  readonly codestream: Uint8Array;
  readonly pixelSha256: string;
}

/**
 * One attachment from the frames of an instance, in their order.
 * @returns pieces to be written one after another: frames are not copied together
 */
export function packRendition(codec: string, frames: readonly RenderedFrame[]): Uint8Array[] {
  let offset = 0;
  const table = frames.map(({ codestream, pixelSha256 }) => {
    const entry = { offset, length: codestream.byteLength, pixelSha256 };
    offset += codestream.byteLength;
    return entry;
  });
  const header: RenditionHeader = {
    format: RENDITION_FORMAT,
    transferSyntaxUid: TRANSFER_SYNTAX.HTJ2KLosslessRPCL,
    codec,
    frames: table,
  };
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.byteLength);
  return [Buffer.concat([RENDITION_MAGIC, length, json]), ...frames.map(({ codestream }) => codestream)];
}
