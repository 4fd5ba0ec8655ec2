import { randomUUID } from "node:crypto";
import { TRANSFER_SYNTAX } from "../dicom/transfer-syntax.js";

/** Media type of an HTJ2K codestream with its transfer syntax; cornerstone3D reads the parameter (facts, 3). */
export const HTJ2K_MEDIA_TYPE = `image/jphc; transfer-syntax=${TRANSFER_SYNTAX.HTJ2KLosslessRPCL}`;

export interface MultipartBody {
  readonly contentType: string;
  /** To be sent one after another: frames are not copied together. */
  readonly pieces: readonly Uint8Array[];
  readonly byteLength: number;
}

/** `multipart/related` of HTJ2K frames, one part each, in the order asked for (PS3.18 8.6.1.2, RFC 2387). */
export function multipartFrames(frames: readonly Uint8Array[]): MultipartBody {
  const boundary = `frame-${randomUUID()}`;
  const pieces: Uint8Array[] = [];
  for (const frame of frames) {
    pieces.push(
      Buffer.from(
        `--${boundary}\r\nContent-Type: ${HTJ2K_MEDIA_TYPE}\r\nContent-Length: ${frame.byteLength}\r\n\r\n`,
        "latin1",
      ),
      frame,
      Buffer.from("\r\n", "latin1"),
    );
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`, "latin1"));
  return {
    contentType: `multipart/related; type="image/jphc"; boundary=${boundary}`,
    pieces,
    byteLength: pieces.reduce((sum, piece) => sum + piece.byteLength, 0),
  };
}
