import type { ShownImage, Stage } from "../../imaging/stage.js";
import { loadSeriesImages, type SeriesImage } from "../../imaging/series-images.js";
import { misfit, type Misfit } from "../../segmentation/fits-images.js";
import {
  framesOnImage,
  readSegmentation,
  SegmentationUnreadable,
  type Segmentation,
} from "../../segmentation/read-segmentation.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { loadInstance } from "../../studies/instance-file.js";
import { loadSegmentationFile } from "../../studies/segmentation-file.js";
import type { AnalysisResult, StudyDetails } from "../../studies/study.js";
import { drawSegments } from "./draw-segments.js";
import { drawableObject, segmentedResult } from "./study-source.js";
import type { SegmentationChoice } from "./segmentations.js";
import type { OverlayStyle } from "../../segmentation/draw-overlay.js";

/** Why a segmentation is not drawn. */
export type SegmentationProblem = Misfit | SegmentationUnreadable["reason"] | "not-there";

/** What a viewport needs of the element it is part of. */
export interface ViewportHost {
  /** Something about the viewport has changed: it is to be rendered again. */
  requestUpdate(): void;
  readonly updateComplete: Promise<boolean>;
  readonly interpolation: string | undefined;
  /** The segmentation that a person is correcting there, drawn in the place of the model's. */
  correctedOn(viewport: Viewport): Segmentation | undefined;
  /** Another image is on screen, or the same anew. */
  viewportShown(viewport: Viewport, shown: ShownImage): void;
}

/** One place of the layout: a series, its image on screen, or why there is none. */
export class Viewport {
  series: string | undefined;
  images: readonly SeriesImage[] | undefined;
  shown: ShownImage | undefined;
  failure: string | undefined;
  segmentation: Segmentation | undefined;
  /** Whose segmentation it is. */
  result: AnalysisResult | undefined;
  /** The segmentation somebody chose; null: none; undefined: that of the first result. */
  choice: SegmentationChoice | null | undefined;
  segmentationProblem: SegmentationProblem | undefined;
  stage: Stage | undefined;
  private element: HTMLDivElement | undefined;
  private overlay: HTMLCanvasElement | undefined;
  private opening: Promise<Stage> | undefined;
  private openings = 0;
  /** The images the stage has. */
  private staged: readonly SeriesImage[] | undefined;
  /** The image that was asked for before the stage had any. */
  private pending: number | undefined;
  private readonly resizing = new ResizeObserver(() => {
    this.stage?.resize();
    this.host.requestUpdate();
  });

  constructor(private readonly host: ViewportHost) {}

  /** Whether its image, not a failure, is on screen. */
  get visible(): ShownImage | undefined {
    return this.failure === undefined ? this.shown : undefined;
  }

  /** The segmentation to be drawn. */
  get drawable(): Segmentation | undefined {
    return this.host.correctedOn(this) ?? this.segmentation;
  }

  /** Whether a person is correcting it. */
  get isCorrected(): boolean {
    return this.host.correctedOn(this) !== undefined;
  }

  /** Whether the image on screen has segments. */
  get isOverlaid(): boolean {
    const { visible, drawable } = this;
    return (
      visible !== undefined && drawable !== undefined && framesOnImage(drawable, visible.image).length > 0
    );
  }

  /** For lit's `ref`: the elements it is drawn on. */
  readonly onElement = (element: Element | undefined): void => {
    if (element !== undefined) this.element = element as HTMLDivElement;
  };
  readonly onOverlay = (element: Element | undefined): void => {
    if (element !== undefined) this.overlay = element as HTMLCanvasElement;
  };

  /** What the image and the segments are drawn on. */
  get canvases(): { readonly image: HTMLCanvasElement; readonly overlay: HTMLCanvasElement } | undefined {
    const image = this.element?.querySelector("canvas");
    return image && this.overlay ? { image, overlay: this.overlay } : undefined;
  }

  /** Shows another series from its middle on; nothing of the one before stays. */
  choose(series: string | undefined): void {
    this.series = series;
    this.images = undefined;
    this.shown = undefined;
    this.failure = undefined;
    this.segmentation = undefined;
    this.result = undefined;
    this.staged = undefined;
    this.pending = undefined;
    this.choice = undefined;
    this.segmentationProblem = undefined;
  }

  /** Brings what is shown up to date with what is known of the study. */
  async refresh(details: StudyDetails, token: TokenProvider): Promise<void> {
    const { series } = this;
    if (series === undefined) return;
    const expected = details.series.find(
      ({ seriesInstanceUid }) => seriesInstanceUid === series,
    )?.instanceCount;
    try {
      if (this.images === undefined || this.images.length < (expected ?? 0))
        await this.openSeries(details.studyInstanceUid, series, token);
      await this.openSegmentation(details, token);
    } catch (error) {
      // What is on screen stays; a series that cannot be opened says why.
      if (series !== this.series || this.shown !== undefined) return;
      this.failure = error instanceof Error ? error.message : String(error);
      this.host.requestUpdate();
    }
  }

  async show(index: number): Promise<void> {
    if (this.staged === undefined) this.pending = index;
    else await this.stage?.show(index);
  }

  /** Draws the segmentation over what is on screen now. @returns what was drawn, if anything */
  drawOverlay(look: OverlayStyle): Segmentation | undefined {
    if (this.overlay === undefined) return undefined;
    const { drawable } = this;
    const isDrawn = drawSegments(this.overlay, drawable, this.visible?.image, this.stage?.corners, look);
    return isDrawn ? drawable : undefined;
  }

  /** Gives up the stage and the images on it; another series can be opened afterwards. */
  close(): void {
    this.resizing.disconnect();
    this.stage?.destroy();
    this.stage = undefined;
    this.opening = undefined;
    this.openings += 1;
    this.choose(undefined);
  }

  private async openSeries(study: string, series: string, token: TokenProvider): Promise<void> {
    const images = await loadSeriesImages(study, series, token);
    if (series !== this.series || images.length === this.images?.length) return;
    this.images = images;
    this.failure = undefined;
    this.host.requestUpdate();
    if (images.length === 0) return;
    await this.host.updateComplete;
    const stage = await this.openStage();
    if (images !== this.images) return;
    this.staged = images;
    const { pending } = this;
    this.pending = undefined;
    await stage.setImages(images, token, pending);
    stage.setNearest(this.host.interpolation === "nearest");
  }

  private openStage(): Promise<Stage> {
    this.opening ??= this.startStage(++this.openings);
    return this.opening;
  }

  private async startStage(opening: number): Promise<Stage> {
    // The engine is megabytes: fetched when the first image is to be shown.
    const { Stage } = await import("../../imaging/stage.js");
    const { element } = this;
    if (element?.isConnected !== true || opening !== this.openings) throw new Error("the viewer is gone");
    const stage = Stage.open(element, {
      shown: (shown) => {
        if (this.stage !== stage) return;
        this.failure = undefined;
        this.shown = shown;
        this.host.viewportShown(this, shown);
      },
      failed: (_index, reason) => {
        if (this.stage !== stage) return;
        this.failure = reason;
        this.host.requestUpdate();
      },
    });
    this.stage = stage;
    this.resizing.observe(element);
    return stage;
  }

  /** The result whose segmentation is wanted over the images; undefined for another system's and for none. */
  wantedResult(details: StudyDetails): AnalysisResult | undefined {
    if (this.choice === undefined) return segmentedResult(details, this.series);
    const id = this.choice?.result?.id;
    return details.results.find((result) => result.id === id && drawableObject(result) !== undefined);
  }

  private async openSegmentation(details: StudyDetails, token: TokenProvider): Promise<void> {
    const { series, choice, images = [] } = this;
    const result = this.wantedResult(details);
    const object = result === undefined ? choice?.foreign : drawableObject(result);
    this.result = result;
    if (object === undefined) {
      this.segmentation = undefined;
      this.segmentationProblem = undefined;
      return;
    }
    if (this.segmentation?.sopInstanceUid === object.sopInstanceUid) return;
    this.segmentation = undefined;
    const { studyInstanceUid } = details;
    let read: Segmentation | undefined;
    let problem: SegmentationProblem | undefined;
    try {
      read = readSegmentation(
        result === undefined
          ? await loadInstance(studyInstanceUid, object, token)
          : await loadSegmentationFile(studyInstanceUid, result, object, token),
      );
      problem = misfit(read, images);
    } catch (error) {
      problem = error instanceof SegmentationUnreadable ? error.reason : "not-there";
    }
    if (series !== this.series || choice !== this.choice) return;
    this.segmentationProblem = problem;
    this.segmentation = problem === undefined ? read : undefined;
    this.host.requestUpdate();
  }
}
