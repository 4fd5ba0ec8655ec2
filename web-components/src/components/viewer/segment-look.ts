import type { OverlayStyle } from "../../segmentation/draw-overlay.js";

/** How the segments over the images are drawn. */
export class SegmentLook implements OverlayStyle {
  hidden: ReadonlySet<number> = new Set();
  opacity = 0.5;
  outline = false;

  constructor(private readonly changed: () => void) {}

  change({ hidden, opacity, outline }: Partial<OverlayStyle>): void {
    this.hidden = hidden ?? this.hidden;
    this.opacity = opacity ?? this.opacity;
    this.outline = outline ?? this.outline;
    this.changed();
  }
}
