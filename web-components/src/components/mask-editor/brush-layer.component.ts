import { LitElement, css, html, type TemplateResult } from "lit";
import type { SeriesImage } from "../../imaging/series-images.js";
import type { ImageCorners } from "../../segmentation/draw-overlay.js";
import type { EditedSegmentation } from "../../segmentation/edited-segmentation.js";
import { imagePointAt, screenPointOf } from "../../segmentation/image-point.js";
import type { Brush, ImagePoint } from "../../segmentation/label-map.js";

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const FAST = 10;

/**
 * Lies over the image while a person corrects a segmentation: pointer, or arrow keys and Space, move the brush. What it
 * does not use (wheel, other keys) goes on to the viewer below.
 *
 * @element neuronova-brush-layer
 * @fires neuronova-mask-painted - pixels changed
 */
export class NeuronovaBrushLayer extends LitElement {
  static override styles = css`
    :host {
      position: absolute;
      inset: 0;
      cursor: crosshair;
      touch-action: none;
    }
    canvas {
      width: 100%;
      height: 100%;
    }
    :host(:focus-visible) {
      outline: 2px solid #7fb8ff;
      outline-offset: -2px;
    }
  `;
  static override properties = {
    edited: { attribute: false },
    image: { attribute: false },
    corners: { attribute: false },
    brush: { attribute: false },
    at: { state: true },
  };

  declare edited: EditedSegmentation | undefined;
  /** The image on screen. */
  declare image: SeriesImage | undefined;
  /** Where it is, in CSS pixels of this element. */
  declare corners: ImageCorners | undefined;
  declare brush: Brush;
  /** Where the brush is. */
  declare private at: ImagePoint | undefined;

  constructor() {
    super();
    this.addEventListener("pointerdown", this.onDown);
    this.addEventListener("pointermove", this.onMove);
    this.addEventListener("pointerup", this.onUp);
    this.addEventListener("pointercancel", this.onUp);
    this.addEventListener("keydown", this.onKey);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.tabIndex = 0;
    this.setAttribute("role", "application");
  }

  protected override render(): TemplateResult {
    return html`<canvas></canvas>`;
  }

  /** Draws the rim of the brush, dark and light, so that it is seen on any image. */
  protected override updated(): void {
    const canvas = this.renderRoot.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (canvas == null || context == null) return;
    const ratio = window.devicePixelRatio;
    Object.assign(canvas, {
      width: Math.round(this.clientWidth * ratio),
      height: Math.round(this.clientHeight * ratio),
    });
    const { image, corners, at } = this;
    if (image === undefined || corners === undefined || at === undefined) return;
    const rim = Array.from({ length: 48 }, (_, step) => {
      const angle = (step / 48) * 2 * Math.PI;
      const [x, y] = [Math.cos(angle), Math.sin(angle)].map((part) => (part * this.brush.size) / 2);
      return screenPointOf(corners, image, { column: at.column + (x ?? 0), row: at.row + (y ?? 0) });
    });
    context.scale(ratio, ratio);
    context.beginPath();
    rim.forEach(([x, y]) => context.lineTo(x, y));
    context.closePath();
    for (const [colour, width] of [
      ["#000", 3],
      ["#fff", 1.2],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }

  private pointOf(event: PointerEvent): ImagePoint | undefined {
    if (this.image === undefined || this.corners === undefined) return undefined;
    const { left, top } = this.getBoundingClientRect();
    return imagePointAt(this.corners, this.image, event.clientX - left, event.clientY - top);
  }

  private readonly onDown = (event: PointerEvent): void => {
    const point = this.pointOf(event);
    if (event.button !== 0 || event.shiftKey || point === undefined || this.image === undefined) return;
    event.stopPropagation();
    this.focus({ preventScroll: true });
    this.setPointerCapture(event.pointerId);
    this.at = point;
    this.edited?.begin(this.image, point, this.brush);
    this.tell();
  };

  private readonly onMove = (event: PointerEvent): void => {
    this.at = this.pointOf(event);
    if (!this.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    if (this.at !== undefined) this.edited?.move(this.at, this.brush);
    this.tell();
  };

  private readonly onUp = (event: PointerEvent): void => {
    if (!this.hasPointerCapture(event.pointerId)) return;
    event.stopPropagation();
    this.edited?.end();
    this.tell();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const { image } = this;
    if (image === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.at ?? { column: image.columns / 2, row: image.rows / 2 };
    const step = STEPS[event.key];
    if (step !== undefined) {
      const by = event.shiftKey ? FAST : 1;
      const within = (value: number, size: number) => Math.min(size - 0.5, Math.max(0.5, value));
      this.at = {
        column: within(at.column + step[0] * by, image.columns),
        row: within(at.row + step[1] * by, image.rows),
      };
    } else if (event.key === " ") {
      this.at = at;
      this.edited?.begin(image, at, this.brush);
      this.edited?.end();
      this.tell();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private tell(): void {
    this.dispatchEvent(new CustomEvent("neuronova-mask-painted", { bubbles: true, composed: true }));
  }
}
