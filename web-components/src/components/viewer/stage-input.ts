import type { Stage } from "../../imaging/stage.js";

/** Pixels of wheel travel for one image. */
const WHEEL_STEP = 60;

/** Translates pointer, wheel and keys on the stage: scroll, window, zoom, move. Tab and other keys are left alone. */
export class StageInput {
  private travel = 0;
  private last: { readonly x: number; readonly y: number } | undefined;

  constructor(
    private readonly stage: () => Stage | undefined,
    private readonly changed: () => void,
  ) {}

  readonly wheel = (event: WheelEvent): void => {
    const stage = this.stage();
    if (stage === undefined) return;
    event.preventDefault();
    if (event.ctrlKey) {
      stage.setZoom(stage.zoom * (event.deltaY < 0 ? 1.1 : 1 / 1.1));
      return;
    }
    this.travel += event.deltaY;
    const steps = Math.trunc(this.travel / WHEEL_STEP);
    if (steps === 0) return;
    this.travel -= steps * WHEEL_STEP;
    void stage.show(stage.index + steps);
  };

  readonly pointerDown = (event: PointerEvent): void => {
    this.last = { x: event.clientX, y: event.clientY };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };

  readonly pointerMove = (event: PointerEvent): void => {
    const stage = this.stage();
    if (stage === undefined || this.last === undefined) return;
    const [x, y] = [event.clientX - this.last.x, event.clientY - this.last.y];
    this.last = { x: event.clientX, y: event.clientY };
    if (event.shiftKey || event.buttons === 4) stage.panBy(x, y);
    else if (event.buttons === 2) stage.setZoom(stage.zoom * (1 - y / 200));
    else this.dragWindow(stage, x, y);
  };

  readonly pointerUp = (): void => {
    this.last = undefined;
  };

  readonly key = (event: KeyboardEvent): void => {
    const stage = this.stage();
    if (stage === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: -1,
      ArrowLeft: -1,
      ArrowDown: 1,
      ArrowRight: 1,
      PageUp: -5,
      PageDown: 5,
      Home: -1e9,
      End: 1e9,
    };
    const step = steps[event.key];
    if (step !== undefined) void stage.show(stage.index + step);
    else if (event.key.toLowerCase() === "r") stage.reset();
    else if (event.key.toLowerCase() === "i") stage.invert();
    else if (event.key === "+" || event.key === "-")
      stage.setZoom(stage.zoom * (event.key === "+" ? 1.2 : 1 / 1.2));
    else return;
    event.preventDefault();
    this.changed();
  };

  /** Sideways: width, up and down: centre, as radiologists know it. A step is a share of the present width. */
  private dragWindow(stage: Stage, x: number, y: number): void {
    const window = stage.window;
    if (window === undefined) return;
    const width = window.upper - window.lower;
    const centre = (window.upper + window.lower) / 2 + (y * width) / 300;
    const wider = Math.max(1, width + (x * width) / 200);
    stage.setWindow(centre - wider / 2, centre + wider / 2);
  }
}
