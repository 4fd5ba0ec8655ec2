import type { Annotations } from "../../imaging/annotations.js";
import type { Point } from "../../imaging/screen-map.js";
import type { Stage } from "../../imaging/stage.js";
import { AnnotationInput } from "./annotation-input.js";
import { KeyboardDrawing, type DrawingTarget } from "./keyboard-drawing.js";
import { pointerPlace } from "./pointer-place.js";
import { isMeasuring } from "./tool.js";

/** Pixels of wheel travel, and of a drag, for one image. */
const WHEEL_STEP = 60;
const DRAG_STEP = 12;

/** What pointers and wheel act on. */
export interface StageInputTarget extends DrawingTarget {
  readonly stage: Stage | undefined;
  show(index: number): void;
}

/** Translates pointers and wheel on a stage: scroll, window, zoom, move, measure; two fingers zoom and move. */
export class StageInput {
  private travel = 0;
  /** Pointers that are down, where they are. */
  private readonly pointers = new Map<number, Point>();
  private readonly drawing: AnnotationInput;
  private measuring = false;
  /** Measuring by keys. */
  readonly keyboard: KeyboardDrawing;

  constructor(
    private readonly target: StageInputTarget,
    annotations: Annotations,
  ) {
    this.drawing = new AnnotationInput(annotations);
    this.keyboard = new KeyboardDrawing(target, annotations, this.drawing);
  }

  readonly wheel = (event: WheelEvent): void => {
    const { stage } = this.target;
    if (stage === undefined) return;
    event.preventDefault();
    if (event.ctrlKey) stage.setZoom(stage.zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
    else this.scroll(stage, event.deltaY, WHEEL_STEP);
  };

  readonly pointerDown = (event: PointerEvent): void => {
    const element = event.currentTarget as HTMLElement;
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
    this.travel = 0;
    if (this.pointers.size > 1) {
      if (this.measuring) this.drawing.cancel();
      this.measuring = false;
      return;
    }
    if (this.keyboard.current !== undefined) this.cancel();
    const { stage, image, tool } = this.target;
    const map = stage?.map;
    if (map === undefined || image === undefined || event.button !== 0 || event.shiftKey) return;
    const point = pointerPlace(event);
    this.measuring = this.drawing.grasp(image.imageId, map, point);
    if (this.measuring || !isMeasuring(tool)) return;
    this.drawing.begin(image.imageId, map, tool, point);
    this.measuring = true;
  };

  readonly pointerMove = (event: PointerEvent): void => {
    const { stage, image, tool } = this.target;
    const before = this.pointers.get(event.pointerId);
    if (stage === undefined || before === undefined) return;
    const now: Point = [event.clientX, event.clientY];
    const step: Point = [now[0] - before[0], now[1] - before[1]];
    if (this.pointers.size > 1) this.pinch(stage, event.pointerId, now, step);
    else if (this.measuring) {
      const { map } = stage;
      if (map !== undefined && image !== undefined)
        this.drawing.move(image.imageId, map, pointerPlace(event));
    } else if (event.shiftKey || event.buttons === 4 || (tool === "pan" && event.buttons === 1))
      stage.panBy(...step);
    else if (event.buttons === 2 || tool === "zoom") stage.setZoom(stage.zoom * (1 - step[1] / 200));
    else if (tool === "scroll") this.scroll(stage, step[1], DRAG_STEP);
    else if (tool === "window") dragWindow(stage, step);
    this.pointers.set(event.pointerId, now);
  };

  readonly pointerUp = (event: PointerEvent): void => {
    this.pointers.delete(event.pointerId);
    const { image } = this.target;
    if (this.measuring && image !== undefined) this.drawing.end(image.imageId);
    this.measuring = false;
  };

  /** Gives up what is being drawn. */
  cancel(): void {
    this.drawing.cancel();
    this.keyboard.hide();
    this.measuring = false;
  }

  private scroll(stage: Stage, distance: number, step: number): void {
    this.travel += distance;
    const steps = Math.trunc(this.travel / step);
    if (steps === 0) return;
    this.travel -= steps * step;
    this.target.show(stage.index + steps);
  }

  /** Zooms by how the two fingers part, and moves with their middle. */
  private pinch(stage: Stage, pointerId: number, now: Point, step: Point): void {
    const before = this.pointers.get(pointerId);
    const other = [...this.pointers].find(([id]) => id !== pointerId)?.[1];
    if (before === undefined || other === undefined) return;
    const apart = (point: Point) => Math.max(1, Math.hypot(point[0] - other[0], point[1] - other[1]));
    stage.setZoom((stage.zoom * apart(now)) / apart(before));
    stage.panBy(step[0] / 2, step[1] / 2);
  }
}

/** Sideways: width, up and down: centre, as radiologists know it. A step is a share of the present width. */
function dragWindow(stage: Stage, [x, y]: Point): void {
  const { window } = stage;
  if (window === undefined) return;
  const width = window.upper - window.lower;
  const centre = (window.upper + window.lower) / 2 + (y * width) / 300;
  const wider = Math.max(1, width + (x * width) / 200);
  stage.setWindow(centre - wider / 2, centre + wider / 2);
}
