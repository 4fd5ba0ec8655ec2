import type { PixelFormat } from "../dicom/frame.js";
import { FrameError } from "../transcoding/frame-error.js";
import type { Jpeg2000Decoder } from "../transcoding/jpeg2000-codec.js";
import type { Jpeg2000Answer } from "./jpeg2000.worker.js";
import { LimitedThread, ThreadLimitError } from "./limited-thread.js";

/** A frame of a hundred million samples has that long. */
const LONGEST_MILLISECONDS = 60_000;
/** Each instance in work waits with one frame at a time. */
const MOST_WAITING = 100;

/** Decodes JPEG 2000 sources apart from the thread that renders, which other instances share. */
export class Jpeg2000Thread implements Jpeg2000Decoder {
  private readonly thread: LimitedThread;

  /** @param worker the compiled one; only tests that run from source name another */
  constructor(
    worker = new URL("./jpeg2000.worker.js", import.meta.url),
    longestMilliseconds = LONGEST_MILLISECONDS,
  ) {
    this.thread = new LimitedThread({ worker, longestMilliseconds, mostWaiting: MOST_WAITING });
  }

  async decode(codestream: Uint8Array, format: PixelFormat): Promise<Uint8Array> {
    try {
      const answer = await this.thread.run<Jpeg2000Answer>("decode", { codestream, format });
      if (!answer.ok) throw new FrameError(answer.message);
      return answer.samples;
    } catch (error) {
      if (!(error instanceof ThreadLimitError)) throw error;
      throw new FrameError(`its JPEG 2000 codestream cannot be decoded: ${error.message}`);
    }
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
