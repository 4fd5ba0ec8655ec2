import { isWhole, type Annotation, type MeasuringTool } from "../../imaging/annotation.js";
import type { Annotations } from "../../imaging/annotations.js";
import type { Point, ScreenMap } from "../../imaging/screen-map.js";

/** CSS pixels within which a pointer takes hold of a point. */
const REACH = 9;

interface Hold {
  readonly id: number;
  /** Which of its points moves. */
  readonly at: number;
  /** Where all of them were; undefined of a new one, whose points may lie together for a moment. */
  readonly before: readonly Point[] | undefined;
}

/** Draws measurements with a pointer, or what moves like one, and moves the points of those that are there. */
export class AnnotationInput {
  private hold: Hold | undefined;
  /** An angle whose second side is to come. */
  private waiting: number | undefined;

  constructor(private readonly annotations: Annotations) {}

  /** @returns whether it took hold of a point that is there */
  grasp(imageId: string, map: ScreenMap, pointer: Point): boolean {
    for (const annotation of this.annotations.on(imageId).filter(isWhole)) {
      const at = annotation.points.findIndex((point) => {
        const [x, y] = map.toScreen(point);
        return Math.hypot(x - pointer[0], y - pointer[1]) <= REACH;
      });
      if (at < 0) continue;
      this.hold = { id: annotation.id, at, before: annotation.points };
      return true;
    }
    return false;
  }

  begin(imageId: string, map: ScreenMap, tool: MeasuringTool, pointer: Point): void {
    const point = map.toImage(pointer);
    const waiting = this.annotations.on(imageId).find(({ id }) => id === this.waiting);
    this.dropWaiting(waiting?.id);
    if (waiting !== undefined) {
      this.annotations.reshape(waiting.id, [...waiting.points, point]);
      this.hold = { id: waiting.id, at: 2, before: undefined };
      return;
    }
    const { id } = this.annotations.begin(imageId, tool, tool === "probe" ? [point] : [point, point]);
    this.hold = { id, at: tool === "probe" ? 0 : 1, before: undefined };
  }

  move(imageId: string, map: ScreenMap, pointer: Point): boolean {
    const annotation = this.heldOn(imageId);
    if (annotation === undefined || this.hold === undefined) return false;
    const { at } = this.hold;
    const moved = map.toImage(pointer);
    this.annotations.reshape(
      annotation.id,
      annotation.points.map((point, index) => (index === at ? moved : point)),
    );
    return true;
  }

  /** The point that moves, and whose it is. */
  held(imageId: string): { readonly id: number; readonly point: Point } | undefined {
    const annotation = this.heldOn(imageId);
    const point = annotation?.points[this.hold?.at ?? 0];
    return annotation && point && { id: annotation.id, point };
  }

  /** Whether an angle has one side, and the other is to come. */
  get isWaiting(): boolean {
    return this.waiting !== undefined;
  }

  /** Whether the point that moves is apart from the one before: else it was only clicked, not drawn. */
  isApart(imageId: string): boolean {
    const annotation = this.heldOn(imageId);
    if (annotation === undefined || this.hold === undefined) return false;
    const { at, before } = this.hold;
    const [previous, point] = [annotation.points[at - 1], annotation.points[at]];
    if (before !== undefined || previous === undefined || point === undefined) return true;
    return Math.hypot(previous[0] - point[0], previous[1] - point[1]) >= 0.5;
  }

  /** Leaves the point where it is; what was only clicked, not drawn, is nothing. */
  end(imageId: string): void {
    const annotation = this.heldOn(imageId);
    const isDrawn = this.isApart(imageId);
    this.hold = undefined;
    if (annotation === undefined) return;
    if (!isDrawn) this.annotations.remove(annotation.id);
    else if (!isWhole(annotation)) this.waiting = annotation.id;
  }

  /** Gives up what is not yet whole; a point that was moved goes back. */
  cancel(): void {
    if (this.hold !== undefined) {
      const { id, before } = this.hold;
      if (before === undefined) this.annotations.remove(id);
      else this.annotations.reshape(id, before);
    }
    this.hold = undefined;
    this.dropWaiting();
  }

  private heldOn(imageId: string): Annotation | undefined {
    return this.annotations.on(imageId).find(({ id }) => id === this.hold?.id);
  }

  private dropWaiting(except?: number): void {
    if (this.waiting !== undefined && this.waiting !== except) this.annotations.remove(this.waiting);
    this.waiting = undefined;
  }
}
