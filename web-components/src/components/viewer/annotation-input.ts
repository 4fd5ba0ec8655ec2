import { isWhole, type Annotation, type MeasuringTool } from "../../imaging/annotation.js";
import type { Annotations } from "../../imaging/annotations.js";
import type { Point, ScreenMap } from "../../imaging/screen-map.js";

/** CSS pixels within which a pointer takes hold of a point. */
const REACH = 9;

interface Hold {
  readonly id: number;
  /** Which of its points moves. */
  readonly at: number;
  /** Whether it is new: then its points may lie together for a moment. */
  readonly fresh: boolean;
}

/** Draws measurements with a pointer, and moves the points of those that are there. */
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
      this.hold = { id: annotation.id, at, fresh: false };
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
      this.hold = { id: waiting.id, at: 2, fresh: true };
      return;
    }
    const { id } = this.annotations.begin(imageId, tool, tool === "probe" ? [point] : [point, point]);
    this.hold = { id, at: tool === "probe" ? 0 : 1, fresh: true };
  }

  move(imageId: string, map: ScreenMap, pointer: Point): boolean {
    const annotation = this.held(imageId);
    if (annotation === undefined || this.hold === undefined) return false;
    const { at } = this.hold;
    const moved = map.toImage(pointer);
    this.annotations.reshape(
      annotation.id,
      annotation.points.map((point, index) => (index === at ? moved : point)),
    );
    return true;
  }

  /** Leaves the point where it is; what was only clicked, not drawn, is nothing. */
  end(imageId: string): void {
    const annotation = this.held(imageId);
    const fresh = this.hold?.fresh === true;
    this.hold = undefined;
    if (annotation === undefined || !fresh || annotation.tool === "probe") return;
    const [a, b] = annotation.points;
    if (a === undefined || b === undefined || Math.hypot(a[0] - b[0], a[1] - b[1]) < 0.5)
      this.annotations.remove(annotation.id);
    else if (!isWhole(annotation)) this.waiting = annotation.id;
  }

  /** Gives up what is not yet whole. */
  cancel(): void {
    if (this.hold?.fresh === true) this.annotations.remove(this.hold.id);
    this.hold = undefined;
    this.dropWaiting();
  }

  private held(imageId: string): Annotation | undefined {
    return this.annotations.on(imageId).find(({ id }) => id === this.hold?.id);
  }

  private dropWaiting(except?: number): void {
    if (this.waiting !== undefined && this.waiting !== except) this.annotations.remove(this.waiting);
    this.waiting = undefined;
  }
}
