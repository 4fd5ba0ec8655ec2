import { nothing, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";
import type { Segmentation } from "../../segmentation/read-segmentation.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { AnalysisResult } from "../../studies/study.js";
import { MaskEditing, type MaskClosedEvent } from "../mask-editor/mask-editing.js";
import type { ViewportGrid } from "./viewport-grid.js";
import type { Viewport } from "./viewport.js";

/** A person's correction of a segmentation, in the viewport where they began it. */
export class Correction {
  private viewport: Viewport | undefined;
  private readonly masks: MaskEditing;

  constructor(
    private readonly grid: ViewportGrid,
    private readonly root: () => ParentNode,
    private readonly changed: () => void,
  ) {
    this.masks = new MaskEditing(changed);
  }

  /** What is drawn in a viewport in the place of the model's segmentation. */
  segmentationOn(viewport: Viewport): Segmentation | undefined {
    return viewport === this.viewport ? this.masks.edited : undefined;
  }

  /**
   * Begins with the result of the series in use, unless another correction would be lost.
   * @returns why it cannot be corrected, for the reader
   */
  async begin(
    result: AnalysisResult,
    study: string,
    token: TokenProvider,
    language: Language,
  ): Promise<string | undefined> {
    const { active } = this.grid;
    if (active.images === undefined || this.isInTheWay()) return undefined;
    try {
      await this.masks.begin(result, study, active.images, token);
    } catch (error) {
      return `${message(language, "maskNot")}: ${error instanceof Error ? error.message : String(error)}`;
    }
    this.viewport = active;
    this.changed();
    return undefined;
  }

  /** Takes it away, as when another study is opened. */
  end(): void {
    this.masks.end();
    this.viewport = undefined;
  }

  /** Gives a viewport free for another series. @returns false, and tells the person, when work would be lost */
  leave(viewport: Viewport): boolean {
    if (viewport !== this.viewport) return true;
    if (this.isInTheWay()) return false;
    this.end();
    return true;
  }

  /** Whether there is work that would be lost; if so, the person is told. */
  isInTheWay(): boolean {
    return this.masks.isInTheWay(this.root());
  }

  /** The brush over the image of a viewport. */
  layer(viewport: Viewport, language: Language): TemplateResult | typeof nothing {
    const image = viewport.visible?.image;
    if (viewport !== this.viewport || image === undefined) return nothing;
    return this.masks.layer(language, image, viewport.stage?.corners);
  }

  /** The tools beside the images. */
  panel(
    language: Language,
    token: TokenProvider | undefined,
    closed: (event: MaskClosedEvent) => void,
  ): TemplateResult | typeof nothing {
    return this.masks.panel(language, token, (imageId) => this.show(imageId), closed);
  }

  private show(imageId: string): void {
    const { viewport } = this;
    const index = viewport?.images?.findIndex((image) => image.imageId === imageId) ?? -1;
    if (viewport !== undefined && index >= 0) void this.grid.scrollTo(viewport, index);
  }
}
