import type { FrameToDecode, FrameToDraw, Painter, PictureWish } from "../rendering/picture.js";
import { LimitedThread, ThreadLimitError } from "./limited-thread.js";

/** A mammogram's frame takes two. */
const LONGEST_MILLISECONDS = 20_000;
const MOST_WAITING = 200;

/** Decodes and draws in a thread: what Orthanc does not decode is rare. */
export class DrawingThreads implements Painter {
  private readonly thread: LimitedThread;

  /** @param worker the compiled one; only tests that run from source name another */
  constructor(
    worker = new URL("./drawing.worker.js", import.meta.url),
    longestMilliseconds = LONGEST_MILLISECONDS,
  ) {
    this.thread = new LimitedThread({ worker, longestMilliseconds, mostWaiting: MOST_WAITING });
  }

  draw(frame: FrameToDraw, wish: PictureWish): Promise<Uint8Array | null> {
    return nullAtLimit(this.thread.run("draw", [frame, wish]));
  }

  decode(frame: FrameToDecode): Promise<Uint8Array | null> {
    return nullAtLimit(this.thread.run("decode", frame));
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}

/** What cannot be decoded in that time cannot be decoded. */
async function nullAtLimit(work: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ThreadLimitError) return null;
    throw error;
  }
}
