import { Enums, imageLoader, type Types, getShouldUseCPURendering } from "@cornerstonejs/core";
import type { TokenProvider } from "../session/token-provider.js";
import { registerImages, replaceToken, sharedEngine } from "./engine.js";
import type { SeriesImage } from "./series-images.js";
import type { PixelValues } from "./pixel-values.js";
import { ScreenMap } from "./screen-map.js";
import type { ImageCorners } from "../segmentation/draw-overlay.js";

/** What is on screen now; never what was asked for. */
export interface ShownImage {
  readonly image: SeriesImage;
  readonly index: number;
  readonly transferSyntaxUid: string;
  /** Whether all of it has arrived: until then it is shown in less detail. */
  readonly complete: boolean;
}

export interface StageListener {
  /** A new image, or the same with another window, zoom or pan. */
  shown(shown: ShownImage): void;
  /** The image asked for cannot be shown; what was on screen is not it. */
  failed(index: number, reason: string): void;
}

let stages = 0;

/** One image stack on one element, drawn by cornerstone3D. */
export class Stage {
  private images: readonly SeriesImage[] = [];
  private token: TokenProvider | undefined;
  private wanted = 0;
  /** Whether the whole image fits into the element, because nobody has zoomed or moved it. */
  private fitted = true;
  private readonly onRendered = () => this.reportShown();

  private constructor(
    private readonly element: HTMLDivElement,
    private readonly viewport: Types.IStackViewport,
    private readonly listener: StageListener,
    private readonly close: () => void,
  ) {
    element.addEventListener(Enums.Events.IMAGE_RENDERED, this.onRendered);
  }

  static open(element: HTMLDivElement, listener: StageListener): Stage {
    const engine = sharedEngine();
    const viewportId = `neuronova-${++stages}`;
    engine.enableElement({
      viewportId,
      element,
      type: Enums.ViewportType.STACK,
      defaultOptions: { background: [0, 0, 0] },
    });
    return new Stage(element, engine.getViewport<Types.IStackViewport>(viewportId), listener, () =>
      engine.disableElement(viewportId),
    );
  }

  /** Shows a stack, beginning at its middle or the given index. */
  async setImages(
    images: readonly SeriesImage[],
    token: TokenProvider,
    index = Math.floor(images.length / 2),
  ): Promise<void> {
    this.images = images;
    this.fitted = true;
    this.token = token;
    registerImages(images, token);
    this.wanted = index;
    try {
      const stack = images.map(({ imageId }) => imageId);
      // Drawn while it arrives. That resolves on a failure too, and leaves what was on screen (facts, 7).
      await this.viewport.setStack(stack, index);
      if (!this.isComplete(stack[index])) {
        await this.loadFreshly(index);
        if (this.images === images) await this.viewport.setStack(stack, this.wanted);
      }
      this.viewport.render();
    } catch (error) {
      this.listener.failed(index, reasonOf(error));
    }
    void this.prefetch(index);
  }

  /** Shows another image of the stack. Of several asked for quickly, the last is shown. */
  async show(index: number): Promise<void> {
    if (this.images.length === 0) return;
    const target = Math.min(this.images.length - 1, Math.max(0, index));
    this.wanted = target;
    try {
      // Loaded beforehand, since setImageIdIndex resolves on a failure too and leaves the old image on screen (facts, 7).
      await this.loadFreshly(target);
      if (this.wanted === target) await this.viewport.setImageIdIndex(target);
    } catch (error) {
      if (this.wanted === target) this.listener.failed(target, reasonOf(error));
    }
  }

  /** Whether images are drawn by WebGL; by the processor otherwise. */
  get isAccelerated(): boolean {
    return !getShouldUseCPURendering();
  }

  get index(): number {
    return this.wanted;
  }

  get window(): { readonly lower: number; readonly upper: number } | undefined {
    return this.viewport.getProperties().voiRange;
  }

  setWindow(lower: number, upper: number): void {
    this.viewport.setProperties({ voiRange: { lower, upper } });
    this.viewport.render();
  }

  get zoom(): number {
    return this.viewport.getZoom();
  }

  setZoom(zoom: number): void {
    this.fitted = false;
    this.viewport.setZoom(Math.min(20, Math.max(0.2, zoom)));
    this.viewport.render();
  }

  panBy(x: number, y: number): void {
    this.fitted = false;
    const [panX, panY] = this.viewport.getPan();
    this.viewport.setPan([panX + x, panY + y]);
    this.viewport.render();
  }

  invert(): void {
    this.viewport.setProperties({ invert: !this.viewport.getProperties().invert });
    this.viewport.render();
  }

  setNearest(nearest: boolean): void {
    const { NEAREST, LINEAR } = Enums.InterpolationType;
    this.viewport.setProperties({ interpolationType: nearest ? NEAREST : LINEAR });
    this.viewport.render();
  }

  reset(): void {
    this.viewport.resetProperties();
    this.present({ rotation: 0, flipHorizontal: false, flipVertical: false });
    this.viewport.resetCamera();
    this.fitted = true;
    this.viewport.render();
  }

  resize(): void {
    if (this.element.clientWidth === 0 || this.element.clientHeight === 0) return;
    this.viewport.getRenderingEngine().resize(true, true);
    // Kept as it was it would be cut off, or small in a larger place.
    if (!this.fitted || this.shownImage() === undefined) return;
    const { presentation } = this;
    this.viewport.resetCamera();
    this.present(presentation);
  }

  /** Turns what is on screen clockwise by a quarter. */
  rotate(): void {
    this.present({ rotation: (Math.round(this.presentation.rotation / 90) * 90 + 90) % 360 });
  }

  flip(axis: "horizontal" | "vertical"): void {
    const { flipHorizontal, flipVertical } = this.presentation;
    this.present(
      axis === "horizontal" ? { flipHorizontal: !flipHorizontal } : { flipVertical: !flipVertical },
    );
  }

  /** Between the shown image and the screen; undefined before the first image. */
  get map(): ScreenMap | undefined {
    const { corners } = this;
    const shown = this.shownImage();
    return corners && shown && new ScreenMap(corners, shown.rows, shown.columns);
  }

  /** Where the outer corners of the shown image lie, in CSS pixels of the element. */
  get corners(): ImageCorners | undefined {
    // Nothing before the first image, whatever the type says.
    const data = this.viewport.getImageData() as ReturnType<Types.IStackViewport["getImageData"]> | undefined;
    if (data === undefined) return undefined;
    const [columns, rows] = data.dimensions;
    // Index 0 is the middle of the first pixel, but where the processor draws, its outer corner.
    const middle = this.isAccelerated ? 0.5 : 0;
    const at = (column: number, row: number): [number, number] => {
      const world = data.imageData.indexToWorld?.([column - middle, row - middle, 0]) as Types.Point3;
      const [x, y] = this.viewport.worldToCanvas(world);
      return [x, y];
    };
    return { topLeft: at(0, 0), topRight: at(columns, 0), bottomLeft: at(0, rows) };
  }

  /** The values of the shown image; undefined until all of it has arrived. */
  get values(): PixelValues | undefined {
    const shown = this.viewport.getCornerstoneImage() as Types.IImage | undefined;
    if (shown === undefined || !this.isComplete(shown.imageId)) return undefined;
    const { rows, columns, slope, intercept, color, preScale } = shown;
    if (color) return { rows, columns, valueAt: undefined };
    const samples = shown.getPixelData();
    const scaled = preScale?.scaled === true;
    const valueAt = (column: number, row: number) => {
      const sample = samples[row * columns + column] ?? NaN;
      return scaled ? sample : sample * slope + intercept;
    };
    return { rows, columns, valueAt };
  }

  destroy(): void {
    this.element.removeEventListener(Enums.Events.IMAGE_RENDERED, this.onRendered);
    this.images = [];
    this.close();
  }

  private get presentation() {
    const {
      rotation = 0,
      flipHorizontal = false,
      flipVertical = false,
    } = this.viewport.getViewPresentation();
    return { rotation, flipHorizontal, flipVertical };
  }

  private present(changes: Types.ViewPresentation): void {
    this.viewport.setViewPresentation({ ...this.presentation, ...changes });
    this.viewport.render();
  }

  /** The image of the stack that is on screen. */
  private shownImage(): SeriesImage | undefined {
    const shown = this.viewport.getCornerstoneImage() as Types.IImage | undefined;
    return this.images.find(({ imageId }) => imageId === shown?.imageId);
  }

  private reportShown(): void {
    const shown = this.viewport.getCornerstoneImage() as
      (Types.IImage & { transferSyntaxUID?: string }) | undefined;
    const image = this.shownImage();
    const index = image === undefined ? -1 : this.images.indexOf(image);
    if (shown === undefined || image === undefined) return;
    const complete = this.isComplete(image.imageId);
    this.listener.shown({ image, index, transferSyntaxUid: shown.transferSyntaxUID ?? "", complete });
  }

  private isComplete(imageId: string | undefined): boolean {
    const shown = this.viewport.getCornerstoneImage() as Types.IImage | undefined;
    return (
      imageId !== undefined &&
      shown?.imageId === imageId &&
      (shown.imageQualityStatus ?? Enums.ImageQualityStatus.FULL_RESOLUTION) ===
        Enums.ImageQualityStatus.FULL_RESOLUTION
    );
  }

  /** Loads an image into the cache; a token the server refuses is replaced once. */
  private async loadFreshly(index: number): Promise<void> {
    const imageId = this.images[index]?.imageId;
    if (imageId === undefined) return;
    try {
      await imageLoader.loadAndCacheImage(imageId);
    } catch (error) {
      if (statusOf(error) !== 401 || this.token === undefined) throw error;
      await replaceToken(this.token, imageId);
      await imageLoader.loadAndCacheImage(imageId);
    }
  }

  /** Fetches the other images, nearest first, so that scrolling does not wait. */
  private async prefetch(around: number): Promise<void> {
    const images = this.images;
    const order = images.map((_, index) => index).sort((a, b) => Math.abs(a - around) - Math.abs(b - around));
    for (const index of order) {
      if (this.images !== images) return;
      await this.loadFreshly(index).catch(() => undefined); // told when it is to be shown
    }
  }
}

function statusOf(error: unknown): number | undefined {
  const request = (error as { error?: unknown } | null)?.error ?? error;
  const status = (request as { status?: unknown } | null)?.status;
  return typeof status === "number" ? status : undefined;
}

function reasonOf(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined) return status === 0 ? "the server does not answer" : `HTTP ${status}`;
  return error instanceof Error ? error.message : "it cannot be decoded";
}
