import { move, transferableSymbol, valueSymbol } from "piscina";
import type { PixelFormat } from "../dicom/frame.js";
import { FrameError } from "../transcoding/frame-error.js";
import { Jpeg2000Codec } from "../transcoding/jpeg2000-codec.js";

/** Errors lose their class between threads. */
export type Jpeg2000Answer =
  { readonly ok: true; readonly samples: Uint8Array } | { readonly ok: false; readonly message: string };

let codec = await Jpeg2000Codec.load();

/** The samples change hands instead of being copied. */
export async function decode({
  codestream,
  format,
}: {
  readonly codestream: Uint8Array;
  readonly format: PixelFormat;
}) {
  try {
    const samples = codec.decode(codestream, format);
    const answer: Jpeg2000Answer = { ok: true, samples };
    return move({ [transferableSymbol]: [samples.buffer], [valueSymbol]: answer });
  } catch (error) {
    if (!(error instanceof FrameError)) throw error;
    // What was broken may have left anything in its memory.
    codec = await Jpeg2000Codec.load();
    return { ok: false, message: error.message } satisfies Jpeg2000Answer;
  }
}
