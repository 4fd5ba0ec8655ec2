import { isWhole, type Annotation, type MeasuringTool } from "./annotation.js";
import type { Point } from "./screen-map.js";

/** The measurements drawn in a viewer, each on its image. */
export class Annotations {
  private drawn: readonly Annotation[] = [];
  private last = 0;

  constructor(private readonly changed: () => void) {}

  /** All of them, whole or not; another list whenever one changes. */
  get all(): readonly Annotation[] {
    return this.drawn;
  }

  /** Those that are whole, in the order they were drawn. */
  get whole(): readonly Annotation[] {
    return this.all.filter(isWhole);
  }

  on(imageId: string): readonly Annotation[] {
    return this.all.filter((annotation) => annotation.imageId === imageId);
  }

  begin(imageId: string, tool: MeasuringTool, points: readonly Point[]): Annotation {
    this.last += 1;
    const annotation = { id: this.last, imageId, tool, points };
    this.set([...this.all, annotation]);
    return annotation;
  }

  /** Gives an annotation other points. */
  reshape(id: number, points: readonly Point[]): void {
    this.set(this.all.map((annotation) => (annotation.id === id ? { ...annotation, points } : annotation)));
  }

  remove(id: number): void {
    this.set(this.all.filter((annotation) => annotation.id !== id));
  }

  clear(): void {
    this.set([]);
  }

  private set(all: readonly Annotation[]): void {
    this.drawn = all;
    this.changed();
  }
}
