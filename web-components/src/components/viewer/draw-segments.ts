import type { SeriesImage } from "../../imaging/series-images.js";
import {
  clearOverlay,
  drawOverlay,
  type ImageCorners,
  type OverlayStyle,
} from "../../segmentation/draw-overlay.js";
import { framesOnImage, type Segmentation } from "../../segmentation/read-segmentation.js";

/**
 * Draws the segments of the image on screen, as many pixels as the screen has, or clears what was drawn.
 * @returns whether the image has any
 */
export function drawSegments(
  canvas: HTMLCanvasElement,
  segmentation: Segmentation | undefined,
  image: SeriesImage | undefined,
  corners: ImageCorners | undefined,
  look: OverlayStyle,
): boolean {
  const width = Math.round(canvas.clientWidth * window.devicePixelRatio);
  const height = Math.round(canvas.clientHeight * window.devicePixelRatio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  if (segmentation === undefined || image === undefined || corners === undefined) {
    clearOverlay(canvas);
    return false;
  }
  const frames = framesOnImage(segmentation, image);
  drawOverlay(canvas, { ...segmentation, frames }, corners, look);
  return frames.length > 0;
}
