import type { Annotations } from "../../imaging/annotations.js";
import { planeId } from "../../imaging/measured-plane.js";
import type { Point } from "../../imaging/screen-map.js";
import { AnnotationInput } from "../viewer/annotation-input.js";
import { KeyboardDrawing, type DrawingTarget } from "../viewer/keyboard-drawing.js";
import { isMeasuring, type Tool } from "../viewer/tool.js";
import type { MprPane } from "./mpr-pane.js";

/** What is drawn with, and of what. */
export interface PlaneDrawingHost {
  readonly tool: Tool;
  /** Series Instance UID of the volume. */
  readonly series: string;
  /** The cursor has moved. */
  changed(): void;
}

/** Measuring on a reformatted plane, by pointer and by keys. What is drawn belongs to the plane as it stands. */
export class PlaneDrawing implements DrawingTarget {
  readonly keyboard: KeyboardDrawing;
  private readonly pointer: AnnotationInput;
  private held = false;

  constructor(
    private readonly pane: MprPane,
    private readonly host: PlaneDrawingHost,
    private readonly annotations: Annotations,
  ) {
    this.pointer = new AnnotationInput(annotations);
    this.keyboard = new KeyboardDrawing(this, annotations, this.pointer);
  }

  get stage(): DrawingTarget["stage"] {
    return { map: this.pane.map };
  }

  /** The plane, in the place of an image. */
  get image(): DrawingTarget["image"] {
    const { plane, view, depthMm } = this.pane;
    if (plane === undefined || depthMm === undefined) return undefined;
    const { series: seriesInstanceUid } = this.host;
    const { millimetresPerPixel } = plane;
    const measured = { seriesInstanceUid, view, depthMm, millimetresPerPixel };
    const imageId = planeId(measured, this.annotations.all);
    return { imageId, rows: plane.height, columns: plane.width };
  }

  /** Values between voxels are computed, so there is none to be read. */
  get tool(): Tool {
    return this.host.tool === "probe" ? "window" : this.host.tool;
  }

  changed(): void {
    this.host.changed();
  }

  /** Whether a pointer holds a point. */
  get isHeld(): boolean {
    return this.held;
  }

  /** @param point in CSS pixels of the pane. @returns whether the pointer measures from here on */
  take(point: Point): boolean {
    const { map } = this.pane;
    const { image, tool } = this;
    if (map === undefined || image === undefined) return false;
    if (this.keyboard.current !== undefined) this.cancel();
    this.held = this.pointer.grasp(image.imageId, map, point);
    if (!this.held && isMeasuring(tool)) {
      this.pointer.begin(image.imageId, map, tool, point);
      this.held = true;
    }
    return this.held;
  }

  drag(point: Point): void {
    const { map } = this.pane;
    const { image } = this;
    if (map !== undefined && image !== undefined) this.pointer.move(image.imageId, map, point);
  }

  release(): void {
    const { image } = this;
    if (this.held && image !== undefined) this.pointer.end(image.imageId);
    this.held = false;
  }

  /** Gives up what is being drawn. */
  cancel(): void {
    this.pointer.cancel();
    this.keyboard.hide();
    this.held = false;
  }
}

/** Measuring on each plane; on none without annotations to draw. */
export function drawingsOn(
  panes: readonly MprPane[],
  host: PlaneDrawingHost,
  annotations: Annotations | undefined,
): ReadonlyMap<MprPane, PlaneDrawing> {
  if (annotations === undefined) return new Map();
  return new Map(panes.map((pane) => [pane, new PlaneDrawing(pane, host, annotations)]));
}
