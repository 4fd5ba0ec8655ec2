import { ScreenMap, type Point } from "../../imaging/screen-map.js";
import {
  onPlane,
  planeThrough,
  reslice,
  seenOn,
  type PlaneView,
  type SampledPlane,
  type Volume,
} from "../../imaging/reslice.js";
import { cross, dot, type Vector } from "../../imaging/vector.js";
import { plus, scaled } from "../../imaging/volume-grid.js";
import type { VoiRange } from "../../imaging/voi-window.js";
import {
  clearOverlay,
  drawOverlay,
  type DrawnSegments,
  type ImageCorners,
  type OverlayStyle,
} from "../../segmentation/draw-overlay.js";
import type { SegmentVolume } from "../../segmentation/segment-volume.js";

/** Where a plane lies on its canvas, CSS pixels: whole, in the middle, millimetres the same both ways. */
interface Fit {
  readonly left: number;
  readonly top: number;
  /** CSS pixels for one pixel of the plane. */
  readonly scale: number;
}

/** One reformatted plane on a canvas: drawn by the processor, since it has to be there without WebGL too. */
export class MprPane {
  private canvas: HTMLCanvasElement | undefined;
  private overlay: HTMLCanvasElement | undefined;
  private drawn: { readonly key: string; readonly picture: OffscreenCanvas } | undefined;
  /** The segments on a plane of this corner. */
  private cut:
    { readonly of: SegmentVolume; readonly corner: string; readonly segments: DrawnSegments } | undefined;
  /** Whether segments are drawn over it. */
  isOverlaid = false;
  /** What is on the canvas now. */
  plane: SampledPlane | undefined;
  private fit: Fit = { left: 0, top: 0, scale: 1 };

  constructor(readonly view: PlaneView) {}

  /** For lit's `ref`. */
  readonly onCanvas = (element: Element | undefined): void => {
    this.canvas = element as HTMLCanvasElement | undefined;
  };

  readonly onOverlay = (element: Element | undefined): void => {
    this.overlay = element as HTMLCanvasElement | undefined;
  };

  /** The direction one looks along. */
  get through(): Vector {
    return cross(this.view.right, this.view.down);
  }

  /** Where the plane on the canvas stands along the direction one looks, millimetres of the patient. */
  get depthMm(): number | undefined {
    return this.plane && dot(this.plane.corner, this.through);
  }

  /** Between the plane's pixels and the canvas, CSS pixels. */
  get map(): ScreenMap | undefined {
    return this.plane && new ScreenMap(this.corners(this.plane), this.plane.height, this.plane.width);
  }

  /** Which plane is on the canvas, and where: another text when anything drawn over it has to move. */
  get standing(): string {
    const { left, top, scale } = this.fit;
    return [...(this.plane?.corner ?? []), left, top, scale].join();
  }

  /** Draws the plane through a point. @param inverted whether low values are white (MONOCHROME1) */
  draw(volume: Volume, point: Vector, window: VoiRange, inverted: boolean): void {
    const { canvas } = this;
    const context = canvas?.getContext("2d");
    if (canvas === undefined || !context) return;
    const ratio = globalThis.devicePixelRatio;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (width === 0 || height === 0) return;
    Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    const plane = planeThrough(volume.grid, this.view, point);
    const key = `${plane.corner.join()} ${window.lower} ${window.upper}`;
    if (this.drawn?.key !== key) this.drawn = { key, picture: pictureOf(volume, plane, window, inverted) };
    const scale = Math.min(width / plane.width, height / plane.height);
    this.fit = { left: (width - plane.width * scale) / 2, top: (height - plane.height * scale) / 2, scale };
    this.plane = plane;
    const { left, top } = this.fit;
    context.imageSmoothingQuality = "high";
    context.drawImage(
      this.drawn.picture,
      left * ratio,
      top * ratio,
      plane.width * scale * ratio,
      plane.height * scale * ratio,
    );
  }

  /** Draws segments over the plane that was drawn last, or takes away what was there. */
  drawSegments(volume: SegmentVolume | undefined, look: OverlayStyle): void {
    const { overlay, plane, canvas } = this;
    this.isOverlaid = false;
    if (overlay === undefined) return;
    if (canvas !== undefined) Object.assign(overlay, { width: canvas.width, height: canvas.height });
    if (volume === undefined || plane === undefined) {
      clearOverlay(overlay);
      return;
    }
    const corner = plane.corner.join();
    if (this.cut?.of !== volume || this.cut.corner !== corner)
      this.cut = { of: volume, corner, segments: volume.onPlane(plane) };
    const { segments } = this.cut;
    drawOverlay(overlay, segments, this.corners(plane), look);
    this.isOverlaid = segments.frames.some(({ segmentNumber }) => !look.hidden.has(segmentNumber));
  }

  /** Nothing of another volume stays. */
  clear(): void {
    this.drawn = undefined;
    this.cut = undefined;
    this.plane = undefined;
    this.isOverlaid = false;
    if (this.overlay !== undefined) clearOverlay(this.overlay);
    this.canvas?.getContext("2d")?.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  private corners({ width, height }: SampledPlane): ImageCorners {
    const { left, top, scale } = this.fit;
    const [right, bottom] = [left + width * scale, top + height * scale];
    return { topLeft: [left, top], topRight: [right, top], bottomLeft: [left, bottom] };
  }

  /** A point of the patient on the canvas, CSS pixels. */
  toScreen(point: Vector): Point | undefined {
    if (this.plane === undefined) return undefined;
    const [x, y] = seenOn(this.plane, point);
    return [this.fit.left + x * this.fit.scale, this.fit.top + y * this.fit.scale];
  }

  /** The point of the patient under a place on the canvas. */
  toPatient([x, y]: Point): Vector | undefined {
    if (this.plane === undefined) return undefined;
    return onPlane(this.plane, (x - this.fit.left) / this.fit.scale, (y - this.fit.top) / this.fit.scale);
  }

  /** The point so many slices further: a slice here is as thick as the volume is sampled that way. */
  step({ grid }: Volume, point: Vector, steps: number): Vector {
    const { through } = this;
    const along = [grid.columnStep, grid.rowStep, grid.sliceStep].map((one) => Math.abs(dot(one, through)));
    return plus(point, scaled(through, steps * Math.max(...along)));
  }
}

function pictureOf(
  volume: Volume,
  plane: SampledPlane,
  { lower, upper }: VoiRange,
  inverted: boolean,
): OffscreenCanvas {
  const values = reslice(volume, plane);
  const picture = new OffscreenCanvas(plane.width, plane.height);
  const data = new ImageData(plane.width, plane.height);
  const pixels = new Uint32Array(data.data.buffer);
  const perValue = 255 / Math.max(1e-6, upper - lower);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? NaN;
    // Outside the volume there is nothing: black, whatever the window.
    if (Number.isNaN(value)) continue;
    const level = Math.round(Math.min(255, Math.max(0, (value - lower) * perValue)));
    const grey = inverted ? 255 - level : level;
    pixels[at] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
  }
  picture.getContext("2d")?.putImageData(data, 0, 0);
  return picture;
}
