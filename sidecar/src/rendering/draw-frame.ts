import sharp from "sharp";
import { decodeFrame } from "./decode-frame.js";
import { greyLevels } from "./grey-levels.js";
import type { FrameToDraw, PictureWish } from "./picture.js";

/** Decodes a frame and makes a picture of it; null where that could show something else than was acquired. */
export async function drawFrame(frame: FrameToDraw, wish: PictureWish): Promise<Uint8Array | null> {
  const { rows, columns, samplesPerPixel } = frame.format;
  const pixels = await decodeFrame(frame);
  if (pixels === null) return null;
  const levels = samplesPerPixel === 1 ? greyLevels(pixels, frame.greyScale) : Uint8Array.from(pixels);
  const raw = { width: columns, height: rows, channels: samplesPerPixel === 1 ? 1 : 3 } as const;
  let picture = sharp(levels, { raw });
  if (samplesPerPixel === 1) picture = picture.toColourspace("b-w");
  if (wish.viewport !== undefined) {
    const { width, height, part } = wish.viewport;
    if (part !== undefined) {
      if (part.left + part.width > columns || part.top + part.height > rows) return null;
      picture = picture.extract(part);
    }
    picture = picture.resize({ width, height, fit: "inside" });
  }
  return wish.mediaType === "image/png"
    ? picture.png().toBuffer()
    : picture.jpeg({ quality: wish.quality }).toBuffer();
}
