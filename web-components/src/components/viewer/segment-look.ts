import type { OverlayStyle } from "../../segmentation/draw-overlay.js";

/** How the segments over the images are drawn. */
export class SegmentLook implements OverlayStyle {
  hidden: ReadonlySet<number> = new Set();
  opacity = 0.5;
  outline = false;

  constructor(private readonly changed: () => void) {}

  toggle(segment: number): void {
    const hidden = new Set(this.hidden);
    if (!hidden.delete(segment)) hidden.add(segment);
    this.hidden = hidden;
    this.changed();
  }

  fade(opacity: number): void {
    this.opacity = opacity;
    this.changed();
  }

  draw(outline: boolean): void {
    this.outline = outline;
    this.changed();
  }
}
