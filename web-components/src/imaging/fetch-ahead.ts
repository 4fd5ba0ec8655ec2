import type { SeriesImage } from "./series-images.js";

const MEBIBYTE = 1024 ** 2;
/** A browser's processor and the worker that decodes hold some of it twice. */
const SHARE_OF_MEMORY = 1 / 8;
/** What a browser that does not say how much memory there is may have. */
const USUAL_GIBIBYTES = 4;
/** 16 bits, as most modalities have them. */
const BYTES_PER_SAMPLE = 2;

/** Bytes of decoded images that all viewers of a page keep; the least recently seen go first. */
export const IMAGE_BYTES = bytesFor(
  (globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory,
);

/** @param gibibytes of the device, as Device Memory has it: 0.25 to 8 */
export function bytesFor(gibibytes = USUAL_GIBIBYTES): number {
  return Math.max(256, gibibytes * 1024 * SHARE_OF_MEMORY) * MEBIBYTE;
}

/**
 * How many images of a stack are fetched before anybody asks for them: as many as fit into a viewport's share of the
 * memory, so that fetching the last does not push the first out again.
 */
export function imagesAhead(images: readonly SeriesImage[], sharers: number, bytes = IMAGE_BYTES): number {
  const [first] = images;
  if (first === undefined) return 0;
  const samples = Number(first.metadata["00280002"]?.Value?.[0] ?? 1);
  const each = first.rows * first.columns * (samples === 1 ? BYTES_PER_SAMPLE : 4);
  return Math.max(1, Math.min(images.length, Math.floor(bytes / Math.max(1, sharers) / each)));
}

/** Places from 0, nearest first. */
export function fetchOrder(count: number, around: number, most: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
    .sort((a, b) => Math.abs(a - around) - Math.abs(b - around))
    .slice(0, most);
}
