import { outlineOf } from "./outline.js";
import type { Segmentation, SegmentationFrame } from "./read-segmentation.js";

/** Where three corners of the image lie on the overlay canvas, in CSS pixels. */
export interface ImageCorners {
  readonly topLeft: readonly [number, number];
  readonly topRight: readonly [number, number];
  readonly bottomLeft: readonly [number, number];
}

export interface OverlayStyle {
  readonly hidden: ReadonlySet<number>;
  /** 0 to 1. */
  readonly opacity: number;
  /** Only the border of each segment. */
  readonly outline?: boolean;
}

/** What is drawn: frames of so many pixels, with the segments that they are of. */
export interface DrawnSegments extends Pick<Segmentation, "rows" | "columns" | "segments"> {
  readonly frames: readonly Pick<SegmentationFrame, "segmentNumber" | "coverage">[];
}

/** Draws segmentation frames over the image: by the image's own corners, so any zoom, pan and rotation fits. */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  { rows, columns, segments, frames }: DrawnSegments,
  { topLeft, topRight, bottomLeft }: ImageCorners,
  { hidden, opacity, outline = false }: OverlayStyle,
): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  clearOverlay(canvas);
  const ratio = window.devicePixelRatio;
  context.save();
  context.imageSmoothingEnabled = false;
  context.globalAlpha = opacity;
  context.setTransform(
    ((topRight[0] - topLeft[0]) / columns) * ratio,
    ((topRight[1] - topLeft[1]) / columns) * ratio,
    ((bottomLeft[0] - topLeft[0]) / rows) * ratio,
    ((bottomLeft[1] - topLeft[1]) / rows) * ratio,
    topLeft[0] * ratio,
    topLeft[1] * ratio,
  );
  for (const frame of frames) {
    const segment = segments.find(({ number }) => number === frame.segmentNumber);
    if (segment === undefined || hidden.has(segment.number)) continue;
    const coverage = frame.coverage();
    const pixels = outline ? outlineOf(coverage, rows, columns) : coverage;
    context.drawImage(coloured(pixels, rows, columns, segment.colorRgb), 0, 0);
  }
  context.restore();
}

export function clearOverlay(canvas: HTMLCanvasElement): void {
  canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
}

function coloured(
  coverage: Uint8Array,
  rows: number,
  columns: number,
  [red, green, blue]: readonly [number, number, number],
): OffscreenCanvas {
  const picture = new OffscreenCanvas(columns, rows);
  const data = new ImageData(columns, rows);
  coverage.forEach((value, pixel) => {
    if (value > 0) data.data.set([red, green, blue, value], pixel * 4);
  });
  picture.getContext("2d")?.putImageData(data, 0, 0);
  return picture;
}
