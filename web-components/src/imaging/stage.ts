import { Enums, type Types, getShouldUseCPURendering } from "@cornerstonejs/core";
import type { TokenProvider } from "../session/token-provider.js";
import { sharedEngine } from "./engine.js";
import { isLoaded, loadImage, statusOf } from "./image-loads.js";
import { ImageQueue } from "./image-queue.js";
import { heldByPage, holdImages, releaseImages } from "./image-registry.js";
import type { SeriesImage } from "./series-images.js";
import type { PixelValues } from "./pixel-values.js";
import { imageValues } from "./image-values.js";
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
/** Those that share the memory for images. */
const open = new Set<Stage>();

/** One image stack on one element, drawn by cornerstone3D. */
export class Stage {
  private images: readonly SeriesImage[] = [];
  private queue: ImageQueue | undefined;
  private wanted = 0;
  /** Whether the whole image fits into the element, because nobody has zoomed or moved it. */
  private fitted = true;
  private readonly closing = new AbortController();
  private readonly onRendered = () => this.reportShown();

  private constructor(
    private readonly element: HTMLDivElement,
    private readonly viewport: Types.IStackViewport,
    private readonly listener: StageListener,
    private readonly close: () => void,
  ) {
    element.addEventListener(Enums.Events.IMAGE_RENDERED, this.onRendered);
    open.add(this);
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

  /** Shows a stack, beginning at its middle or the given index; at the last image if that is past it. */
  async setImages(
    images: readonly SeriesImage[],
    token: TokenProvider,
    wanted = Math.floor(images.length / 2),
  ): Promise<void> {
    const index = Math.min(images.length - 1, wanted);
    const before = this.images;
    this.queue?.close();
    this.images = images;
    this.fitted = true;
    holdImages(images, token);
    releaseImages(before);
    this.wanted = index;
    const queue = new ImageQueue(
      images,
      { isLoaded, load: loadImage },
      {
        arrived: async (at) => {
          await this.viewport.setImageIdIndex(at);
        },
        failed: (at, error) => this.listener.failed(at, reasonOf(error)),
      },
      () => open.size,
    );
    this.queue = queue;
    try {
      const stack = images.map(({ imageId }) => imageId);
      // Drawn while it arrives. That resolves on a failure too, and leaves what was on screen (facts, 7).
      await this.viewport.setStack(stack, index);
      if (this.images !== images) return;
      if (!this.isComplete(stack[index])) {
        await loadImage(stack[index] ?? "", this.closing.signal);
        if (this.images !== images) return;
        await this.viewport.setStack(stack, this.wanted);
      }
      this.viewport.render();
      // Another image was asked for before the stack was there: the stack has drawn its own over it.
      if (this.wanted !== index) await queue.show(this.wanted);
    } catch (error) {
      if (this.images === images) this.listener.failed(index, reasonOf(error));
    }
    queue.fetchAhead(this.wanted);
  }

  /** Shows another image of the stack; done when it is on screen or others were asked for meanwhile. */
  async show(index: number): Promise<void> {
    if (this.images.length === 0) return;
    this.wanted = Math.min(this.images.length - 1, Math.max(0, index));
    // Loaded beforehand, since setImageIdIndex resolves on a failure too and leaves the old image on screen (facts, 7).
    await this.queue?.show(this.wanted);
  }

  /** What all stages of the page keep: images known, and bytes of those that are decoded. */
  static get held(): { readonly images: number; readonly bytes: number } {
    return heldByPage();
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
    return imageValues(shown);
  }

  /** Gives up the viewport, and the images that no other has. */
  destroy(): void {
    this.element.removeEventListener(Enums.Events.IMAGE_RENDERED, this.onRendered);
    this.queue?.close();
    this.closing.abort();
    const { images } = this;
    this.images = [];
    open.delete(this);
    this.close();
    releaseImages(images);
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
}

function reasonOf(error: unknown): string {
  const status = statusOf(error);
  if (status !== undefined) return status === 0 ? "the server does not answer" : `HTTP ${status}`;
  return error instanceof Error ? error.message : "it cannot be decoded";
}
