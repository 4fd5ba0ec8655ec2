import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { EventStream } from "../../events/event-stream.js";
import type { ShownImage, Stage } from "../../imaging/stage.js";
import { loadSeriesImages, type SeriesImage } from "../../imaging/series-images.js";
import { message, preferredLanguage, type Language, type MessageKey } from "../../localization/messages.js";
import { framesOnImage, readSegmentation, type Segmentation } from "../../segmentation/read-segmentation.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import type { StudyDetails } from "../../studies/study.js";
import { reviewLabel } from "../review/review-label.js";
import { theme } from "../theme.js";
import { aiPanel } from "./ai-panel.js";
import { drawSegments } from "./draw-segments.js";
import { fhirPanel } from "./fhir-panel.js";
import { imageOverlay } from "./image-overlay.js";
import { imageSlider } from "./image-slider.js";
import { seriesPanel } from "./series-panel.js";
import { StageInput } from "./stage-input.js";
import {
  hasImages,
  loadFhirResources,
  loadHeldObject,
  loadInstance,
  loadStudy,
  drawableObject,
  segmentedResult,
} from "./study-source.js";
import { styles } from "./viewer.styles.js";
import { windowTools } from "./window-tools.js";

const SETTLE_MILLISECONDS = 150;

/**
 * The images of a study with what AI found in them and what came of it in FHIR.
 *
 * @element neuronova-viewer
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-image-rendered - {sopInstanceUid, index}: this image is on screen
 * @fires neuronova-segmentation-shown - {sopInstanceUid}: this SEG is drawn over the image
 * @csspart stage - the black area with the image
 */
export class NeuronovaViewer extends LitElement {
  static override styles = [theme, styles];
  static override properties = {
    study: { type: String },
    series: { type: String },
    language: { type: String },
    interpolation: { type: String },
    tokenProvider: { attribute: false },
    details: { state: true },
    images: { state: true },
    shown: { state: true },
    failure: { state: true },
    segmentation: { state: true },
    hiddenSegments: { state: true },
    opacity: { state: true },
    resources: { state: true },
    conflicts: { state: true },
  };

  /** Study Instance UID. */
  declare study: string | undefined;
  /** Series Instance UID; the first with images when not set. */
  declare series: string | undefined;
  declare language: Language;
  /** `nearest` shows pixels as they are; anything else smooths them. */
  declare interpolation: string | undefined;
  declare tokenProvider: TokenProvider | undefined;
  declare private details: StudyDetails | undefined;
  declare private images: readonly SeriesImage[] | undefined;
  declare private shown: ShownImage | undefined;
  declare private failure: string | undefined;
  declare private segmentation: Segmentation | undefined;
  declare private hiddenSegments: ReadonlySet<number>;
  declare private opacity: number;
  declare private resources: readonly Readonly<Record<string, unknown>>[];

  /** What somebody was told whose decision came second. */
  declare private conflicts: ReadonlyMap<number, string>;

  private readonly tokenRequest = new TokenRequest(this);
  private stage: Stage | undefined;
  private opening: Promise<Stage> | undefined;
  private unsubscribe: (() => void) | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private announced = "";
  private readonly resizing = new ResizeObserver(() => this.onResize());
  private readonly input = new StageInput(
    () => this.stage,
    () => this.requestUpdate(),
  );

  constructor() {
    super();
    this.language = preferredLanguage();
    this.hiddenSegments = new Set();
    this.opacity = 0.5;
    this.resources = [];
    this.conflicts = new Map();
  }

  /** What is on screen, for those who embed the viewer; undefined while nothing or a failure is shown. */
  get imageOnScreen():
    { sopInstanceUid: string; index: number; transferSyntaxUid: string; complete: boolean } | undefined {
    if (this.shown === undefined || this.failure !== undefined) return undefined;
    const { image, index, transferSyntaxUid, complete } = this.shown;
    return { sopInstanceUid: image.sopInstanceUid, index, transferSyntaxUid, complete };
  }

  /** Shows an image of the series, by its place from 0. */
  async showImage(index: number): Promise<void> {
    await this.stage?.show(index);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    clearTimeout(this.settling);
    this.resizing.disconnect();
    this.stage?.destroy();
    this.stage = undefined;
    this.opening = undefined;
    this.images = undefined;
    this.shown = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("study") || changed.has("tokenProvider")) this.openStudy();
    else if (changed.has("series")) void this.openSeries();
    if (changed.has("interpolation")) this.stage?.setNearest(this.interpolation === "nearest");
    this.draw();
  }

  private openStudy(): void {
    this.unsubscribe?.();
    this.details = undefined;
    this.images = undefined;
    this.shown = undefined;
    this.segmentation = undefined;
    this.failure = undefined;
    this.conflicts = new Map();
    const { study, tokenProvider } = this;
    if (study === undefined || tokenProvider === undefined) return;
    void this.refresh();
    this.unsubscribe = EventStream.shared(tokenProvider).subscribe((event) => {
      if (event.studyInstanceUid !== study) return;
      this.settling ??= setTimeout(() => {
        this.settling = undefined;
        void this.refresh();
      }, SETTLE_MILLISECONDS);
    });
  }

  /** Looks at the study again: what is new in it is shown. */
  private async refresh(): Promise<void> {
    const { study, tokenProvider } = this;
    if (study === undefined || tokenProvider === undefined) return;
    try {
      const details = await loadStudy(study, tokenProvider);
      if (study !== this.study) return;
      this.details = details;
      this.series ??= details.series.find(hasImages)?.seriesInstanceUid;
      const expected =
        details.series.find(({ seriesInstanceUid }) => seriesInstanceUid === this.series)?.instanceCount ?? 0;
      if (this.series !== undefined && (this.images === undefined || this.images.length < expected))
        await this.openSeries();
      await this.openSegmentation(details);
    } catch (error) {
      if (this.details === undefined) this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  private async openSeries(): Promise<void> {
    const { study, series, tokenProvider } = this;
    if (study === undefined || series === undefined || tokenProvider === undefined) return;
    const images = await loadSeriesImages(study, series, tokenProvider);
    if (series !== this.series || images.length === this.images?.length) return;
    this.images = images;
    this.failure = undefined;
    if (images.length === 0) return;
    await this.updateComplete;
    const stage = await this.openStage();
    await stage.setImages(images, tokenProvider);
    stage.setNearest(this.interpolation === "nearest");
  }

  private openStage(): Promise<Stage> {
    this.opening ??= (async () => {
      const element = this.renderRoot.querySelector<HTMLDivElement>(".canvas");
      if (element === null) throw new Error("the viewer has no stage");
      // The engine is megabytes: fetched when the first image is to be shown.
      const { Stage } = await import("../../imaging/stage.js");
      this.stage = Stage.open(element, {
        shown: (shown) => this.onShown(shown),
        failed: (_index, reason) => (this.failure = reason),
      });
      this.resizing.observe(element);
      return this.stage;
    })();
    return this.opening;
  }

  private async openSegmentation(details: StudyDetails): Promise<void> {
    const result = segmentedResult(details, this.series);
    const object = result && drawableObject(result);
    if (result === undefined || object === undefined || this.tokenProvider === undefined) {
      this.segmentation = undefined;
      return;
    }
    if (this.segmentation?.sopInstanceUid === object.sopInstanceUid) return;
    const { id, held } = result;
    const file =
      held === true
        ? await loadHeldObject(id, object, this.tokenProvider)
        : await loadInstance(details.studyInstanceUid, object, this.tokenProvider);
    this.segmentation = readSegmentation(file);
  }

  private onShown(shown: ShownImage): void {
    this.failure = undefined;
    this.shown = shown;
    this.requestUpdate();
    const { image, index } = shown;
    if (this.announced === image.imageId) return;
    this.announced = image.imageId;
    this.tell("neuronova-image-rendered", { sopInstanceUid: image.sopInstanceUid, index });
  }

  private onResize(): void {
    this.stage?.resize();
    this.requestUpdate();
  }

  private tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** Draws the segmentation over what is on screen now. */
  private draw(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(".overlay");
    if (canvas === null) return;
    const { segmentation, failure } = this;
    const image = failure === undefined ? this.shown?.image : undefined;
    const look = { hidden: this.hiddenSegments, opacity: this.opacity };
    const isDrawn = drawSegments(canvas, segmentation, image, this.stage?.corners, look);
    if (isDrawn && segmentation !== undefined)
      this.tell("neuronova-segmentation-shown", { sopInstanceUid: segmentation.sopInstanceUid });
  }

  private text(key: MessageKey): string {
    return message(this.language, key);
  }

  protected override render(): TemplateResult {
    return html`
      <div class="layout" lang=${this.language}>
        <aside>
          ${seriesPanel(this.language, this.details?.series ?? [], this.series, (uid) => this.choose(uid))}
        </aside>
        <div class="centre">
          ${windowTools(this.language, () => this.stage)} ${this.renderStage()}
          ${imageSlider(this.language, this.images?.length ?? 0, this.shown?.index ?? 0, (index) => void this.showImage(index))}
        </div>
        <aside>${this.details === undefined ? nothing : this.renderPanels(this.details)}</aside>
      </div>
    `;
  }

  private renderStage(): TemplateResult {
    const { shown, stage, failure } = this;
    const visible = shown !== undefined && stage !== undefined && failure === undefined;
    const overlaid =
      visible && this.segmentation !== undefined && framesOnImage(this.segmentation, shown.image).length > 0;
    return html`
      <div
        part="stage"
        class="stage ${failure === undefined ? "" : "failed"}"
        tabindex="0"
        role="img"
        aria-label=${this.text("image")}
        @wheel=${this.input.wheel}
        @pointerdown=${this.input.pointerDown}
        @pointermove=${this.input.pointerMove}
        @pointerup=${this.input.pointerUp}
        @keydown=${this.input.key}
        @contextmenu=${(event: Event) => event.preventDefault()}
      >
        <div class="canvas"></div>
        <canvas class="overlay"></canvas>
        ${visible ? imageOverlay(shown, this.images?.length ?? 0, stage, this.language) : nothing}
        ${overlaid ? html`<div class="ai-label">${this.standing()} · ${this.text("demonstration")}</div>` : nothing}
        ${visible && !shown.complete ? html`<div class="reduced" role="status">${this.text("reduced")}</div>` : nothing}
        ${failure === undefined ? nothing : html`<div class="middle bad" role="alert">${this.text("imageFailed")}: ${failure}</div>`}
        ${visible || failure !== undefined ? nothing : html`<div class="middle" role="status">${this.emptyText()}</div>`}
      </div>
    `;
  }

  /** Of the result whose segmentation is over the image. */
  private standing(): string {
    const result = this.details && segmentedResult(this.details, this.series);
    return reviewLabel(this.language, result?.review);
  }

  private emptyText(): string {
    const nothingToShow =
      this.details !== undefined && (!this.details.series.some(hasImages) || this.images?.length === 0);
    if (nothingToShow) return this.text("noImages");
    return this.text(
      this.tokenProvider === undefined && this.tokenRequest.unanswered ? "noToken" : "loading",
    );
  }

  private renderPanels(details: StudyDetails): TemplateResult {
    return html`
      ${aiPanel({
        language: this.language,
        study: details,
        hidden: this.hiddenSegments,
        opacity: this.opacity,
        onToggle: (segment) => this.toggle(segment),
        onOpacity: (opacity) => (this.opacity = opacity),
        tokenProvider: this.tokenProvider,
        conflicts: this.conflicts,
        onReviewed: ({ detail: { analysis, conflict } }) => {
          if (conflict !== undefined) this.conflicts = new Map([...this.conflicts, [analysis, conflict]]);
          void this.refresh();
        },
      })}
      ${fhirPanel(this.language, details, this.resources, () => void this.openResources())}
    `;
  }

  private toggle(segment: number): void {
    const hidden = new Set(this.hiddenSegments);
    if (!hidden.delete(segment)) hidden.add(segment);
    this.hiddenSegments = hidden;
  }

  private choose(seriesInstanceUid: string): void {
    if (seriesInstanceUid === this.series) return;
    this.images = undefined;
    this.shown = undefined;
    this.segmentation = undefined;
    this.series = seriesInstanceUid;
    void this.refresh();
  }

  private async openResources(): Promise<void> {
    if (this.study === undefined || this.tokenProvider === undefined) return;
    this.resources = await loadFhirResources(this.study, this.tokenProvider).catch(() => this.resources);
  }
}
