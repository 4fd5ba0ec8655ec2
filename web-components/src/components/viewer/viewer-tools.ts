import type { Annotation } from "../../imaging/annotation.js";
import { Annotations } from "../../imaging/annotations.js";
import { measure, type Measurement } from "../../imaging/measure.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import { regionSpacing } from "../../imaging/ultrasound-regions.js";
import type { DrawnAnnotation } from "./annotation-layer.js";
import type { Tool } from "./tool.js";
import type { Viewport } from "./viewport.js";

/** The tool in the reader's hand, and what was drawn with it. */
export class ViewerTools {
  readonly annotations: Annotations;
  private chosen: Tool = "window";
  /** What was measured of an annotation with these points. */
  private readonly measured = new Map<
    number,
    { readonly of: Annotation; readonly measurement: Measurement }
  >();

  constructor(private readonly changed: () => void) {
    this.annotations = new Annotations(changed);
  }

  get tool(): Tool {
    return this.chosen;
  }

  choose(tool: Tool): void {
    this.chosen = tool;
    this.changed();
  }

  /** What is drawn on the image of a viewport, measured on that image once all of it is there. */
  drawnOn({ visible, stage }: Viewport): DrawnAnnotation[] {
    if (visible === undefined) return [];
    const { image } = visible;
    return this.annotations
      .on(image.imageId)
      .map((annotation) => ({ annotation, measurement: this.measure(annotation, image, stage) }));
  }

  /** What was last measured of an annotation, also while its image is not on screen. */
  measurementOf(annotation: Annotation): Measurement | undefined {
    const known = this.measured.get(annotation.id);
    return known?.of === annotation ? known.measurement : undefined;
  }

  clear(): void {
    this.measured.clear();
    this.annotations.clear();
  }

  private measure(
    annotation: Annotation,
    image: SeriesImage,
    stage: Viewport["stage"],
  ): Measurement | undefined {
    const known = this.measurementOf(annotation);
    if (known !== undefined) return known;
    const values = stage?.values;
    const { valueUnit, ultrasoundRegions: regions } = image;
    const spacing = regions === undefined ? image.spacing : regionSpacing(annotation.points, regions);
    const measurement = values && measure(annotation, { spacing, valueUnit, values });
    if (measurement !== undefined) this.measured.set(annotation.id, { of: annotation, measurement });
    return measurement;
  }
}
