import type { Entity } from "./answer-entity.js";

export interface FrameParts {
  readonly frames: readonly Uint8Array[];
  /** `type` alone and with its transfer syntax, which cornerstone3D reads in the part's header (facts, 3). */
  readonly mediaType: string;
  readonly transferSyntaxUid: string;
  /** Of exactly these frames in this order: letters, digits and `-`. */
  readonly digest: string;
}

/** One frame, and nothing around it: parts of it may be asked for. */
export function singleFrame({ frames, mediaType, transferSyntaxUid, digest }: FrameParts): Entity {
  return {
    contentType: `${mediaType}; transfer-syntax=${transferSyntaxUid}`,
    pieces: frames,
    byteLength: frames.reduce((sum, frame) => sum + frame.byteLength, 0),
    entityTag: `"${digest}-1"`,
    ranges: true,
  };
}

/**
 * `multipart/related` of frames, one part each, in the order asked for (PS3.18 8.6.1.2, RFC 2387). The boundary is made
 * of the content's digest: the same frames are the same bytes, which a strong entity tag promises.
 */
export function multipartFrames({ frames, mediaType, transferSyntaxUid, digest }: FrameParts): Entity {
  const boundary = `frame-${digest}`;
  const pieces: Uint8Array[] = [];
  for (const frame of frames) {
    pieces.push(
      Buffer.from(
        `--${boundary}\r\nContent-Type: ${mediaType}; transfer-syntax=${transferSyntaxUid}\r\nContent-Length: ${frame.byteLength}\r\n\r\n`,
        "latin1",
      ),
      frame,
      Buffer.from("\r\n", "latin1"),
    );
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`, "latin1"));
  return {
    contentType: `multipart/related; type="${mediaType}"; boundary=${boundary}`,
    pieces,
    byteLength: pieces.reduce((sum, piece) => sum + piece.byteLength, 0),
    entityTag: `"${digest}-m"`,
    ranges: false,
  };
}
