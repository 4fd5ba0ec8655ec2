import { crc32 } from "node:zlib";
import { z } from "zod";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";
import { READABLE_FORMATS, RENDITION_MAGIC, type RenditionHeader } from "./rendition.js";

const headerSchema = z.object({
  format: z
    .number()
    .refine((format) => READABLE_FORMATS.has(format), { error: "is not a format that is read here" }),
  transferSyntaxUid: z.literal(TRANSFER_SYNTAX.HTJ2KLosslessRPCL),
  codec: z.string(),
  fileUuid: z.string().optional(),
  frames: z
    .array(
      z.object({
        offset: z.number().int().min(0),
        length: z.number().int().min(1),
        crc32: z.number().int().optional(),
        pixelSha256: z.string(),
      }),
    )
    .min(1),
});

/** A rendition that was read back. */
export class Rendition {
  private constructor(
    readonly header: RenditionHeader,
    private readonly bytes: Uint8Array,
    private readonly start: number,
  ) {}

  /** Whether it was made of this file of its instance. */
  isOf(fileUuid: string): boolean {
    return this.header.fileUuid === undefined || this.header.fileUuid === fileUuid;
  }

  get numberOfFrames(): number {
    return this.header.frames.length;
  }

  get byteLength(): number {
    return this.bytes.byteLength;
  }

  /** @throws Error when the bytes are not a whole rendition of a readable format */
  static open(bytes: Uint8Array): Rendition {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (buffer.byteLength < 12 || !buffer.subarray(0, 8).equals(RENDITION_MAGIC))
      throw new Error("the attachment is not an HTJ2K rendition");
    const start = 12 + buffer.readUInt32LE(8);
    const header = headerSchema.parse(JSON.parse(buffer.toString("utf8", 12, start)));
    const end = header.frames.reduce(
      (furthest, { offset, length }) => Math.max(furthest, offset + length),
      0,
    );
    if (start + end !== buffer.byteLength) throw new Error("the HTJ2K rendition is not whole");
    for (const { offset, length, crc32: expected } of header.frames)
      if (
        expected !== undefined &&
        crc32(buffer.subarray(start + offset, start + offset + length)) !== expected
      )
        throw new Error("the HTJ2K rendition has other bytes than were attached");
    return new Rendition(header, bytes, start);
  }

  /** The codestream of a frame, by number from 1 (PS3.18 8.2); undefined when there is no such frame. */
  frame(frameNumber: number): Uint8Array | undefined {
    const entry = this.header.frames[frameNumber - 1];
    return entry && this.bytes.subarray(this.start + entry.offset, this.start + entry.offset + entry.length);
  }
}
