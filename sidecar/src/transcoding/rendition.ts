import { z } from "zod";

/**
 * The attachment that holds an instance's rendition: HTJ2K codestreams of all frames behind a table of contents.
 *
 *     bytes 0–7   "NNHTJ2K" and a zero byte
 *     bytes 8–11  length of the header, unsigned, little endian
 *     then        the header, JSON (see RenditionHeader), then the codestreams one after another
 */
const MAGIC = Buffer.from("NNHTJ2K\0", "latin1");

/** Version of format and codec settings together: a change asks for all renditions to be made again. */
export const RENDITION_FORMAT = 1;

const headerSchema = z.object({
  format: z.literal(RENDITION_FORMAT),
  transferSyntaxUid: z.literal("1.2.840.10008.1.2.4.202"),
  codec: z.string(),
  /** Offset from the end of the header, length in bytes, SHA-256 of the decoded little-endian samples. */
  frames: z
    .array(
      z.object({ offset: z.number().int().min(0), length: z.number().int().min(1), pixelSha256: z.string() }),
    )
    .min(1),
});
export type RenditionHeader = z.output<typeof headerSchema>;

export interface RenderedFrame {
  readonly codestream: Uint8Array;
  readonly pixelSha256: string;
}

/** One attachment from the frames of an instance, in their order. */
export function packRendition(codec: string, frames: readonly RenderedFrame[]): Uint8Array {
  let offset = 0;
  const table = frames.map(({ codestream, pixelSha256 }) => {
    const entry = { offset, length: codestream.byteLength, pixelSha256 };
    offset += codestream.byteLength;
    return entry;
  });
  const header: RenditionHeader = {
    format: RENDITION_FORMAT,
    transferSyntaxUid: "1.2.840.10008.1.2.4.202",
    codec,
    frames: table,
  };
  const json = Buffer.from(JSON.stringify(header), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.byteLength);
  return Buffer.concat([MAGIC, length, json, ...frames.map(({ codestream }) => codestream)]);
}

/** A rendition that was read back. */
export class Rendition {
  private constructor(
    readonly header: RenditionHeader,
    private readonly bytes: Uint8Array,
    private readonly start: number,
  ) {}

  get numberOfFrames(): number {
    return this.header.frames.length;
  }

  get byteLength(): number {
    return this.bytes.byteLength;
  }

  /** @throws Error when the bytes are not a whole rendition of this format */
  static open(bytes: Uint8Array): Rendition {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (buffer.byteLength < 12 || !buffer.subarray(0, 8).equals(MAGIC))
      throw new Error("the attachment is not an HTJ2K rendition");
    const start = 12 + buffer.readUInt32LE(8);
    const header = headerSchema.parse(JSON.parse(buffer.toString("utf8", 12, start)));
    const end = header.frames.reduce(
      (furthest, { offset, length }) => Math.max(furthest, offset + length),
      0,
    );
    if (start + end !== buffer.byteLength) throw new Error("the HTJ2K rendition is not whole");
    return new Rendition(header, bytes, start);
  }

  /** The codestream of a frame, by number from 1 (PS3.18 8.2); undefined when there is no such frame. */
  frame(frameNumber: number): Uint8Array | undefined {
    const entry = this.header.frames[frameNumber - 1];
    return entry && this.bytes.subarray(this.start + entry.offset, this.start + entry.offset + entry.length);
  }
}
