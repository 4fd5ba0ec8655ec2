import type { Annotations } from "../../imaging/annotations.js";
import { isWhole } from "../../imaging/annotation.js";
import type { Point, ScreenMap } from "../../imaging/screen-map.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import type { AnnotationInput } from "./annotation-input.js";
import { isMeasuring, type Tool } from "./tool.js";

/** Directions on the screen. */
const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** How much further Shift goes. */
const FAST = 10;

/** `begun`: the cursor has come; `pointing`: it moves; `placing`: a point moves with it. */
export type DrawingPhase = "begun" | "pointing" | "placing" | "placed" | "canceled";

export interface KeyboardDrawingState {
  readonly phase: DrawingPhase;
  readonly cursor: Point;
  /** Of the measurement that is or was drawn. */
  readonly annotation: number | undefined;
}

/** What is drawn on. */
export interface DrawingTarget {
  readonly stage: { readonly map: ScreenMap | undefined } | undefined;
  /** The image on screen. */
  readonly image: Pick<SeriesImage, "imageId" | "rows" | "columns"> | undefined;
  readonly tool: Tool;
  /** The cursor has moved. */
  changed(): void;
}

export type KeyPress = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">;

/**
 * Draws measurements by keys, and moves their points: Enter brings a cursor and puts down or takes up a point, arrows
 * move it, `n` goes to the next point that is there, Escape gives up. All other keys are left to others, Tab too.
 */
export class KeyboardDrawing {
  private state: (KeyboardDrawingState & { readonly imageId: string }) | undefined;

  constructor(
    private readonly target: DrawingTarget,
    private readonly annotations: Annotations,
    private readonly drawing: AnnotationInput,
  ) {}

  /** What is done to the image on screen; undefined while keys do something else there. */
  get current(): KeyboardDrawingState | undefined {
    return this.state?.imageId === this.target.image?.imageId ? this.state : undefined;
  }

  /** @param middle of the viewport, in CSS pixels. @returns whether the key was for the measurements */
  press(press: KeyPress, middle: () => Point): boolean {
    const { image, stage, tool } = this.target;
    const map = stage?.map;
    if (map === undefined || image === undefined || press.ctrlKey || press.altKey || press.metaKey)
      return false;
    const state = this.current;
    const step = STEPS[press.key];
    if (press.key === "n") return this.toNextPoint(image.imageId);
    if (state === undefined) {
      if (press.key !== "Enter" || !isMeasuring(tool)) return false;
      this.set("begun", middleOfPixel(within(map.toImage(middle()), image)));
    } else if (press.key === "Enter") this.place(map, state);
    else if (press.key === "Escape") this.giveUp(state);
    else if (step !== undefined) this.move(map, state, step, press.shiftKey ? FAST : 1);
    else return false;
    return true;
  }

  /** The cursor goes. */
  hide(): void {
    if (this.state === undefined) return;
    this.state = undefined;
    this.target.changed();
  }

  private set(phase: DrawingPhase, cursor: Point, annotation?: number): void {
    const { image } = this.target;
    this.state = image && { phase, cursor, annotation, imageId: image.imageId };
    this.target.changed();
  }

  /** By a pixel of the image, or of the screen where that is larger. */
  private move(map: ScreenMap, { phase, cursor, annotation }: KeyboardDrawingState, step: Point, by: number) {
    const { image } = this.target;
    if (image === undefined) return;
    const [origin, one] = [map.toScreen([0, 0]), map.toScreen([1, 0])];
    const distance = Math.max(1, Math.hypot(one[0] - origin[0], one[1] - origin[1])) * by;
    const [x, y] = map.toScreen(cursor);
    const moved = within(map.toImage([x + step[0] * distance, y + step[1] * distance]), image);
    if (phase === "placing") this.drawing.move(image.imageId, map, map.toScreen(moved));
    this.set(
      phase === "placing" ? "placing" : "pointing",
      moved,
      phase === "placing" ? annotation : undefined,
    );
  }

  private place(map: ScreenMap, { phase, cursor, annotation }: KeyboardDrawingState): void {
    const { image, tool } = this.target;
    if (image === undefined) return;
    const { imageId } = image;
    const at = map.toScreen(cursor);
    if (phase === "placing") {
      // A point on the one before measures nothing: it waits to be moved.
      if (!this.drawing.isApart(imageId)) return;
      this.drawing.end(imageId);
      if (this.drawing.isWaiting && isMeasuring(tool)) this.drawing.begin(imageId, map, tool, at);
      else this.set("placed", cursor, annotation);
    } else if (this.drawing.grasp(imageId, map, at)) {
      const held = this.drawing.held(imageId);
      this.set("placing", held?.point ?? cursor, held?.id);
    } else if (isMeasuring(tool)) {
      this.drawing.begin(imageId, map, tool, at);
      const id = this.drawing.held(imageId)?.id;
      if (tool === "probe") this.drawing.end(imageId);
      this.set(tool === "probe" ? "placed" : "placing", cursor, id);
    }
  }

  private giveUp({ phase, cursor }: KeyboardDrawingState): void {
    if (phase === "placing") {
      this.drawing.cancel();
      this.set("canceled", cursor);
    } else this.hide();
  }

  private toNextPoint(imageId: string): boolean {
    const points = this.annotations
      .on(imageId)
      .filter(isWhole)
      .flatMap(({ id, points: own }) => own.map((point) => ({ id, point })));
    const state = this.current;
    if (points.length === 0 || state?.phase === "placing") return state !== undefined;
    const here = points.findIndex(
      ({ point }) => point[0] === state?.cursor[0] && point[1] === state.cursor[1],
    );
    const next = points[(here + 1) % points.length];
    if (next !== undefined) this.set("pointing", next.point, next.id);
    return true;
  }
}

function within([column, row]: Point, { columns, rows }: { columns: number; rows: number }): Point {
  const inside = (value: number, size: number) => Math.min(size - 0.5, Math.max(0.5, value));
  return [inside(column, columns), inside(row, rows)];
}

function middleOfPixel([column, row]: Point): Point {
  return [Math.floor(column) + 0.5, Math.floor(row) + 0.5];
}
