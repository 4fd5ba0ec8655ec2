import type { SeriesImage } from "../imaging/series-images.js";
import { stroke, undo, type Brush, type Changes, type ImagePoint, type LabelPlane } from "./label-map.js";
import { framesOnImage, SegmentationUnreadable, type Segmentation } from "./read-segmentation.js";

/** Half of a pixel: what a FRACTIONAL one needs to be of a segment. */
const HALF = 128;
const MOST_STROKES = 200;

/** A plane that a person is changing, with the image it lies on. */
export interface EditedPlane extends LabelPlane {
  readonly image: SeriesImage;
}

/**
 * A segmentation on a person's desk: one Segment Number for each pixel of each image of the series. It is drawn like any
 * other; what it was made from stays as it is.
 */
export class EditedSegmentation implements Segmentation {
  readonly sopInstanceUid: string;
  readonly rows: number;
  readonly columns: number;
  readonly segments: Segmentation["segments"];
  readonly planes: readonly EditedPlane[];
  private readonly strokes: { readonly plane: EditedPlane; readonly changes: Changes }[] = [];
  private open: { readonly plane: EditedPlane; readonly changes: Changes; last: ImagePoint } | undefined;

  /** @throws SegmentationUnreadable when it is not on the images' grid: then nothing could be put where it belongs */
  constructor(original: Segmentation, images: readonly SeriesImage[]) {
    const { rows, columns } = original;
    if (images.some((image) => image.rows !== rows || image.columns !== columns))
      throw new SegmentationUnreadable("it has other rows or columns than the images");
    this.sopInstanceUid = original.sopInstanceUid;
    this.rows = rows;
    this.columns = columns;
    this.segments = original.segments;
    let placed = 0;
    this.planes = images.map((image) => {
      const labels = new Uint8Array(rows * columns);
      for (const { segmentNumber, coverage } of framesOnImage(original, image)) {
        placed += 1;
        coverage().forEach((value, at) => {
          if (value >= HALF) labels[at] = segmentNumber;
        });
      }
      return { image, rows, columns, labels };
    });
    if (placed !== original.frames.length)
      throw new SegmentationUnreadable("some of it lies on none of the images");
  }

  get frames(): Segmentation["frames"] {
    return this.planes.flatMap(({ image, labels }) =>
      [...new Set(labels)]
        .filter((label) => label !== 0)
        .map((segmentNumber) => ({
          segmentNumber,
          sourceSopInstanceUid: image.sopInstanceUid,
          sourceFrameNumber: image.frameNumber,
          position: image.position,
          coverage: () => labels.map((label) => (label === segmentNumber ? 255 : 0)),
          coverageAt: (pixel: number) => (labels[pixel] === segmentNumber ? 255 : 0),
        })),
    );
  }

  get canUndo(): boolean {
    return this.strokes.length > 0;
  }

  get isEmpty(): boolean {
    return this.planes.every(({ labels }) => labels.every((label) => label === 0));
  }

  /** Puts the brush on an image, and begins a stroke. */
  begin(image: SeriesImage, point: ImagePoint, brush: Brush): void {
    this.end();
    const plane = this.planes.find((one) => one.image.imageId === image.imageId);
    if (plane === undefined) return;
    this.open = { plane, changes: new Map(), last: point };
    this.move(point, brush);
  }

  /** Moves the brush that was put down. */
  move(point: ImagePoint, brush: Brush): void {
    if (this.open === undefined) return;
    const { plane, changes, last } = this.open;
    stroke(plane, last, point, brush, changes);
    this.open.last = point;
  }

  /** Lifts the brush: the stroke can be undone as one. */
  end(): void {
    const { open } = this;
    this.open = undefined;
    if (open === undefined || open.changes.size === 0) return;
    this.strokes.push(open);
    if (this.strokes.length > MOST_STROKES) this.strokes.shift();
  }

  /** Takes back the last stroke. @returns the image it was on */
  undo(): SeriesImage | undefined {
    this.end();
    const last = this.strokes.pop();
    if (last === undefined) return undefined;
    undo(last.plane, last.changes);
    return last.plane.image;
  }
}
