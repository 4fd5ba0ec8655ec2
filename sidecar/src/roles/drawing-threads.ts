import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { FrameToDecode, FrameToDraw, Painter, PictureWish } from "../rendering/picture.js";

const IDLE_MILLISECONDS = 30_000;
const MOST_WAITING = 200;

/** One thread, which is there while it is needed: what Orthanc does not decode is rare. */
export class DrawingThreads implements Painter {
  private readonly pool = new Piscina({
    filename: fileURLToPath(new URL("./drawing.worker.js", import.meta.url)),
    minThreads: 0,
    maxThreads: 1,
    maxQueue: MOST_WAITING,
    idleTimeout: IDLE_MILLISECONDS,
  });

  async draw(frame: FrameToDraw, wish: PictureWish): Promise<Uint8Array | null> {
    return (await this.pool.run([frame, wish], { name: "draw" })) as Uint8Array | null;
  }

  async decode(frame: FrameToDecode): Promise<Uint8Array | null> {
    return (await this.pool.run(frame, { name: "decode" })) as Uint8Array | null;
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
