import type { PixelFormat } from "../dicom/frame.js";
import { FrameError } from "../transcoding/frame-error.js";
import type { Jpeg2000Decoder } from "../transcoding/jpeg2000-codec.js";
import type { Jpeg2000Answer } from "./jpeg2000.worker.js";
import { LimitedThread, ThreadLimitError, type LimitedThreadOptions } from "./limited-thread.js";

const LIMITS: LimitedThreadOptions = {
  worker: new URL("./jpeg2000.worker.js", import.meta.url),
  // A frame of a hundred million samples has that long.
  longestMilliseconds: 60_000,
  // Each instance in work waits with one frame at a time.
  mostWaiting: 100,
};

/** Decodes JPEG 2000 sources apart from the thread that renders, which other instances share. */
export class Jpeg2000Thread extends LimitedThread implements Jpeg2000Decoder {
  /** @param options only tests need others */
  constructor(options: Partial<LimitedThreadOptions> = {}) {
    super({ ...LIMITS, ...options });
  }

  async decode(codestream: Uint8Array, format: PixelFormat): Promise<Uint8Array> {
    try {
      const answer = await this.run<Jpeg2000Answer>("decode", { codestream, format });
      if (!answer.ok) throw new FrameError(answer.message);
      return answer.samples;
    } catch (error) {
      if (!(error instanceof ThreadLimitError)) throw error;
      throw new FrameError(`its JPEG 2000 codestream cannot be decoded: ${error.message}`);
    }
  }
}
