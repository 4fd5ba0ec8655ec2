import type { Annotation } from "../../imaging/annotation.js";
import { Annotations } from "../../imaging/annotations.js";
import { measure, type MeasuredImage, type Measurement } from "../../imaging/measure.js";
import { planeOf, type MeasuredPlane } from "../../imaging/measured-plane.js";
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

  /** What is drawn on a reformatted plane. @param planeId as of `planeId` */
  drawnOnPlane(planeId: string): DrawnAnnotation[] {
    return this.annotations
      .on(planeId)
      .map((annotation) => ({ annotation, measurement: this.measurementOf(annotation) }));
  }

  /** Of a plane, or what was last measured on an image, also while it is not on screen. */
  measurementOf(annotation: Annotation): Measurement | undefined {
    const known = this.measured.get(annotation.id);
    if (known?.of === annotation) return known.measurement;
    const plane = planeOf(annotation.imageId);
    return plane && this.remember(annotation, measuredPlane(plane));
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
    const values = stage?.values;
    if (known !== undefined || values === undefined) return known;
    const { valueUnit, ultrasoundRegions: regions } = image;
    const spacing = regions === undefined ? image.spacing : regionSpacing(annotation.points, regions);
    return this.remember(annotation, { spacing, valueUnit, values });
  }

  private remember(annotation: Annotation, image: MeasuredImage): Measurement | undefined {
    const measurement = measure(annotation, image);
    if (measurement !== undefined) this.measured.set(annotation.id, { of: annotation, measurement });
    return measurement;
  }
}

/** Pixels are square, and only sizes are measured: values between voxels are computed. */
function measuredPlane({ millimetresPerPixel }: MeasuredPlane): MeasuredImage {
  return {
    spacing: { rowMm: millimetresPerPixel, columnMm: millimetresPerPixel, atDetector: false },
    valueUnit: "",
    values: { rows: 0, columns: 0, valueAt: undefined },
  };
}
