import { drawFrame } from "../rendering/draw-frame.js";
import type { FrameToDraw, PictureWish } from "../rendering/picture.js";

export default function draw([frame, wish]: readonly [FrameToDraw, PictureWish]): Promise<Uint8Array | null> {
  return drawFrame(frame, wish);
}
