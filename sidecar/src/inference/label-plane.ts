import type { SegmentManifest } from "./model-manifest.js";

/** One channel of values whose channels are next to each other. */
export function channelOf(all: Float32Array, channel: number, channels: number): Float32Array {
  if (channels === 1) return all;
  return Float32Array.from(
    { length: all.length / channels },
    (_, pixel) => all[pixel * channels + channel] ?? 0,
  );
}

/**
 * Each pixel gets the most probable of the segments whose threshold it reaches.
 * @param channels values of each segment, in the order of the segments
 */
export function labelPlane(
  channels: readonly Float32Array[],
  segments: readonly SegmentManifest[],
): { labels: Uint8Array; probability: Float32Array } {
  const length = channels[0]?.length ?? 0;
  const labels = new Uint8Array(length);
  const probability = new Float32Array(length);
  channels.forEach((values, at) => {
    const { number, threshold } = segments[at] ?? { number: 0, threshold: Infinity };
    for (let pixel = 0; pixel < length; pixel++) {
      const value = values[pixel] ?? 0;
      if (value < threshold || (labels[pixel] !== 0 && value <= (probability[pixel] ?? 0))) continue;
      labels[pixel] = number;
      probability[pixel] = value;
    }
  });
  return { labels, probability };
}
