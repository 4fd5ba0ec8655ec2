import type { PlaneStack, ResultPlane, SegmentFrame } from "./plane-stack.js";
import type { WrittenInstance } from "./result-context.js";
import { segmentationDocument, type SegmentationContext } from "./segmentation-document.js";

const MAXIMUM_FRACTIONAL_VALUE = 255;

export interface FractionPlane extends ResultPlane {
  /**
   * rows × columns × segments, 0 to 255 for a probability of 0 to 1; the segments of a pixel next to each other, in the
   * order of the input's segments.
   */
  readonly fractions: Uint8Array;
}

export interface FractionalSegmentationInput extends SegmentationContext {
  readonly fractionMap: PlaneStack<FractionPlane>;
}

/**
 * Writes a FRACTIONAL segmentation of probabilities (PS3.3 C.8.20.2): 8 bits a pixel, one frame per segment and plane
 * in which any of the segment's fractions is above 0. The same input gives the same bytes.
 * @throws TypeError when no fraction is above 0; RangeError for a plane of another size
 */
export function writeFractionalSegmentation({
  fractionMap,
  ...context
}: FractionalSegmentationInput): WrittenInstance {
  const { rows, columns, planes } = fractionMap;
  const channels = context.segments.length;
  if (planes.some(({ fractions }) => fractions.length !== rows * columns * channels))
    throw new RangeError("a plane of fractions has rows × columns × segments values");
  const frames: SegmentFrame<FractionPlane>[] = [];
  const pixels: Uint8Array[] = [];
  context.segments.forEach(({ number: segmentNumber }, channel) => {
    planes.forEach((plane, planeIndex) => {
      const values = channelOf(plane.fractions, channel, channels);
      if (values.every((value) => value === 0)) return;
      frames.push({ segmentNumber, plane, planeIndex });
      pixels.push(values);
    });
  });
  return segmentationDocument(context, fractionMap, frames, {
    SegmentationType: "FRACTIONAL",
    SegmentationFractionalType: "PROBABILITY",
    MaximumFractionalValue: MAXIMUM_FRACTIONAL_VALUE,
    SegmentsOverlap: overlap(planes, channels) ? "YES" : "NO",
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelData: evenLength(Buffer.concat(pixels)),
  });
}

function channelOf(fractions: Uint8Array, channel: number, channels: number): Uint8Array {
  if (channels === 1) return fractions;
  return Uint8Array.from(
    { length: fractions.length / channels },
    (_, pixel) => fractions[pixel * channels + channel] ?? 0,
  );
}

function overlap(planes: readonly FractionPlane[], channels: number): boolean {
  if (channels === 1) return false;
  return planes.some(({ fractions }) => {
    for (let start = 0; start < fractions.length; start += channels) {
      let segments = 0;
      for (let at = start; at < start + channels; at++) if ((fractions[at] ?? 0) > 0) segments++;
      if (segments > 1) return true;
    }
    return false;
  });
}

/** PS3.5 8.1.1: pixel data has an even length. */
function evenLength(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  return padded;
}
