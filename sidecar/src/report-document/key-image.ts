import sharp from "sharp";
import type { DataSet } from "../dicom/data-set.js";
import type { DecodedFrame } from "../dicom/frame.js";
import { describeFrame } from "../rendering/describe-frame.js";
import { greyLevels } from "../rendering/grey-levels.js";
import type { SegmentMask } from "./segment-masks.js";

type Rgb = readonly [number, number, number];

const SHARE_OF_COLOUR = 0.35;
const SMALLEST_SIDE = 512;

/** An image, or a frame of one. */
export interface ImageFrame {
  readonly sopInstanceUid: string;
  /** From 0. */
  readonly frameIndex: number;
}

/** Of the images with segments, the one with the most segmented pixels; undefined when there is none. */
export function keyImageOf(masks: readonly SegmentMask[]): ImageFrame | undefined {
  const counts = new Map<string, ImageFrame & { pixels: number }>();
  for (const { sourceSopInstanceUid, sourceFrameIndex, pixelCount } of masks) {
    const place = `${sourceSopInstanceUid} ${String(sourceFrameIndex).padStart(6, "0")}`;
    const pixels = (counts.get(place)?.pixels ?? 0) + pixelCount;
    counts.set(place, { sopInstanceUid: sourceSopInstanceUid, frameIndex: sourceFrameIndex, pixels });
  }
  const [most] = [...counts].sort(([one, a], [other, b]) => b.pixels - a.pixels || one.localeCompare(other));
  return most && { sopInstanceUid: most[1].sopInstanceUid, frameIndex: most[1].frameIndex };
}

/** The masks that lie on an image. */
export function masksOn(
  { sopInstanceUid, frameIndex }: ImageFrame,
  masks: readonly SegmentMask[],
): SegmentMask[] {
  return masks.filter(
    ({ sourceSopInstanceUid, sourceFrameIndex }) =>
      sourceSopInstanceUid === sopInstanceUid && sourceFrameIndex === frameIndex,
  );
}

/**
 * Draws an image in its own window with segments over it: tinted, and their border in full colour.
 * @returns a PNG; undefined where image and segments do not fit together, or could be shown wrongly
 */
export async function drawKeyImage(
  dataSet: DataSet,
  frame: DecodedFrame,
  masks: readonly SegmentMask[],
  colours: ReadonlyMap<number, Rgb>,
): Promise<Buffer | undefined> {
  const described = describeFrame(dataSet, undefined);
  const { rows, columns, samplesPerPixel } = frame;
  if (described === undefined || samplesPerPixel !== 1) return undefined;
  if (masks.some((mask) => mask.rows !== rows || mask.columns !== columns)) return undefined;
  const levels = greyLevels(frame.samples, described.greyScale);
  if (levels.length !== rows * columns) return undefined;
  const picture = new Uint8Array(3 * levels.length);
  levels.forEach((level, index) => picture.fill(level, 3 * index, 3 * index + 3));
  for (const mask of masks) tint(picture, mask, colours.get(mask.segmentNumber) ?? [255, 0, 0]);
  // Small images are enlarged by whole pixels: nothing is smoothed into what was not there.
  const enlarged = Math.max(1, Math.ceil(SMALLEST_SIDE / Math.min(rows, columns)));
  return sharp(picture, { raw: { width: columns, height: rows, channels: 3 } })
    .resize({ width: columns * enlarged, height: rows * enlarged, kernel: "nearest" })
    .png()
    .toBuffer();
}

function tint(picture: Uint8Array, { pixels, rows, columns }: SegmentMask, colour: Rgb): void {
  const inside = (row: number, column: number) =>
    row >= 0 && row < rows && column >= 0 && column < columns && pixels[row * columns + column] === 1;
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) {
      if (!inside(row, column)) continue;
      const isBorder = !(
        inside(row - 1, column) &&
        inside(row + 1, column) &&
        inside(row, column - 1) &&
        inside(row, column + 1)
      );
      const share = isBorder ? 1 : SHARE_OF_COLOUR;
      const at = 3 * (row * columns + column);
      colour.forEach((component, channel) => {
        picture[at + channel] = Math.round((picture[at + channel] ?? 0) * (1 - share) + component * share);
      });
    }
}
