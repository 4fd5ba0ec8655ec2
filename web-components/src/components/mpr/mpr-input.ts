import type { Volume } from "../../imaging/reslice.js";
import type { Point } from "../../imaging/screen-map.js";
import type { Vector } from "../../imaging/vector.js";
import type { VoiRange } from "../../imaging/voi-window.js";
import { pointerPlace } from "../viewer/pointer-place.js";
import { TOOLS, type Tool } from "../viewer/tool.js";
import type { MprPane } from "./mpr-pane.js";
import type { PlaneDrawing } from "./plane-drawing.js";

const WHEEL_STEP = 60;
const KEYS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
  PageUp: -5,
  PageDown: 5,
};

/** What pointers, wheel and keys act on. */
export interface MprInputTarget {
  readonly volume: Volume | undefined;
  readonly point: Vector | undefined;
  window: VoiRange | undefined;
  /** Puts the planes through a point. */
  goTo(point: Vector): void;
  /** Measuring on a plane. */
  drawingOn(pane: MprPane): PlaneDrawing | undefined;
  chooseTool(tool: Tool): void;
}

/** Translates pointers, wheel and keys on a plane: where the planes meet, measuring, the next slice, the window. */
export class MprInput {
  private held: { readonly pane: MprPane; readonly at: Point } | undefined;
  private travel = 0;

  constructor(private readonly target: MprInputTarget) {}

  take(event: PointerEvent, pane: MprPane): void {
    const element = event.currentTarget as HTMLElement;
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    this.held = { pane, at: [event.clientX, event.clientY] };
    if (event.button !== 0 || this.target.drawingOn(pane)?.take(pointerPlace(event)) === true) return;
    this.moveTo(event, pane);
  }

  drag(event: PointerEvent, pane: MprPane): void {
    if (this.held?.pane !== pane) return;
    const [x, y] = this.held.at;
    this.held = { pane, at: [event.clientX, event.clientY] };
    const { target } = this;
    const drawing = target.drawingOn(pane);
    if (drawing?.isHeld === true) drawing.drag(pointerPlace(event));
    else if (event.buttons === 1) this.moveTo(event, pane);
    else if (event.buttons === 2 && target.window !== undefined) {
      const { lower, upper } = target.window;
      const width = upper - lower;
      const centre = (upper + lower) / 2 + ((event.clientY - y) * width) / 300;
      const wider = Math.max(1, width + ((event.clientX - x) * width) / 200);
      target.window = { lower: centre - wider / 2, upper: centre + wider / 2 };
    }
  }

  release(): void {
    if (this.held !== undefined) this.target.drawingOn(this.held.pane)?.release();
    this.held = undefined;
  }

  turn(event: WheelEvent, pane: MprPane): void {
    event.preventDefault();
    // A point that is held belongs to the plane on screen.
    if (this.target.drawingOn(pane)?.isHeld === true) return;
    this.travel += event.deltaY;
    const steps = Math.trunc(this.travel / WHEEL_STEP);
    this.travel -= steps * WHEEL_STEP;
    this.step(pane, steps);
  }

  press(event: KeyboardEvent, pane: MprPane): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { clientWidth, clientHeight } = event.currentTarget as HTMLElement;
    const drawing = this.target.drawingOn(pane);
    const steps = KEYS[event.key];
    const tool = TOOLS.find(({ key }) => key === event.key)?.tool;
    if (drawing?.keyboard.press(event, () => [clientWidth / 2, clientHeight / 2]) !== true) {
      if (steps !== undefined) this.step(pane, steps);
      else if (tool !== undefined) this.target.chooseTool(tool);
      else if (event.key === "Escape") drawing?.cancel();
      else return;
    }
    event.preventDefault();
  }

  private moveTo(event: PointerEvent, pane: MprPane): void {
    const point = pane.toPatient(pointerPlace(event));
    if (point !== undefined) this.target.goTo(point);
  }

  private step(pane: MprPane, steps: number): void {
    const { volume, point } = this.target;
    if (volume !== undefined && point !== undefined && steps !== 0)
      this.target.goTo(pane.step(volume, point, steps));
  }
}
