import type { SeriesImage } from "../imaging/series-images.js";
import { framesOnImage, type Segmentation } from "./read-segmentation.js";

/**
 * The image that has the most of a segment: pixels of a BINARY segmentation, their shares of a FRACTIONAL one.
 * @returns its place among the images, or -1 when the segment is on none
 */
export function imageOfLargestArea(
  segmentation: Segmentation,
  segmentNumber: number,
  images: readonly SeriesImage[],
): number {
  let [best, largest] = [-1, 0];
  images.forEach((image, index) => {
    const area = framesOnImage(segmentation, image)
      .filter((frame) => frame.segmentNumber === segmentNumber)
      .reduce((sum, frame) => sum + frame.coverage().reduce((part, value) => part + value, 0), 0);
    if (area > largest) [best, largest] = [index, area];
  });
  return best;
}
