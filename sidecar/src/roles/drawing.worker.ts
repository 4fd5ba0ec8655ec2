import { decodeToBytes } from "../rendering/decode-frame.js";
import { drawFrame } from "../rendering/draw-frame.js";
import type { FrameToDecode, FrameToDraw, PictureWish } from "../rendering/picture.js";

export function draw([frame, wish]: readonly [FrameToDraw, PictureWish]): Promise<Uint8Array | null> {
  return drawFrame(frame, wish);
}

export function decode(frame: FrameToDecode): Promise<Uint8Array | null> {
  return decodeToBytes(frame);
}
