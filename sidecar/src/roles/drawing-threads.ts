import type { FrameToDecode, FrameToDraw, Painter, PictureWish } from "../rendering/picture.js";
import { LimitedThread, ThreadLimitError, type LimitedThreadOptions } from "./limited-thread.js";

const LIMITS: LimitedThreadOptions = {
  worker: new URL("./drawing.worker.js", import.meta.url),
  // A mammogram's frame takes two seconds.
  longestMilliseconds: 20_000,
  mostWaiting: 200,
};

/** Decodes and draws in a thread: what Orthanc does not decode is rare. */
export class DrawingThreads extends LimitedThread implements Painter {
  /** @param options only tests need others */
  constructor(options: Partial<LimitedThreadOptions> = {}) {
    super({ ...LIMITS, ...options });
  }

  draw(frame: FrameToDraw, wish: PictureWish): Promise<Uint8Array | null> {
    return nullAtLimit(this.run("draw", [frame, wish]));
  }

  decode(frame: FrameToDecode): Promise<Uint8Array | null> {
    return nullAtLimit(this.run("decode", frame));
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
