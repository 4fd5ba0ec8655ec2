import { LitElement, type PropertyValues, type TemplateResult } from "lit";
import type { SeriesImage } from "../../imaging/series-images.js";
import type { ShownImage, Stage } from "../../imaging/stage.js";
import { preferredLanguage, type Language } from "../../localization/messages.js";
import type { Segmentation } from "../../segmentation/read-segmentation.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import { theme } from "../theme.js";
import { unseen } from "../unseen.styles.js";
import { annotationStyles } from "./annotations.styles.js";
import { Correction } from "./correction.js";
import { Findings } from "./findings.js";
import { KeyImages } from "./key-images.js";
import { keyImageStyles } from "./key-images.styles.js";
import { imageMarks } from "./image-marks.styles.js";
import { layoutOf } from "./layout.js";
import { panelStyles } from "./panels.styles.js";
import { StudyInView } from "./study-in-view.js";
import { ViewerActions } from "./viewer-actions.js";
import { ViewerTools } from "./viewer-tools.js";
import { viewerView, type ViewerParts } from "./viewer-view.js";
import { styles } from "./viewer.styles.js";
import type { Viewport, ViewportHost } from "./viewport.js";
import { ViewportGrid } from "./viewport-grid.js";

/**
 * The images of a study with what AI found in them and what came of it in FHIR.
 *
 * @element neuronova-viewer
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-image-rendered - {sopInstanceUid, index}: this image is on screen
 * @fires neuronova-unsaved - {studyInstanceUid}: that study waits, because a correction is not saved; the person is asked
 * @fires neuronova-segmentation-shown - {sopInstanceUid}: this SEG is drawn over the image
 * @csspart stage - a black area with an image
 */
export class NeuronovaViewer extends LitElement implements ViewportHost {
  static override styles = [theme, unseen, imageMarks, annotationStyles, styles, panelStyles, keyImageStyles];
  static override properties = {
    study: { type: String },
    series: { type: String },
    layout: { type: String },
    language: { type: String },
    interpolation: { type: String },
    compact: { type: Boolean },
    runModel: { type: Boolean, attribute: "run-model" },
    tokenProvider: { attribute: false },
  };

  /** Study Instance UID. */
  declare study: string | undefined;
  /** Series Instance UID of the viewport in use; the first with images when not set. */
  declare series: string | undefined;
  /** `1x1`, `1x2`, `2x2`, or `mpr`: the reformatted planes of the series in use. */
  declare layout: string | undefined;
  declare language: Language;
  /** `nearest` shows pixels as they are; anything else smooths them. */
  declare interpolation: string | undefined;
  /** Only images with what is said of them: no tools and no panels, for several viewers on a page. */
  declare compact: boolean;
  /** Brings the form that has a model look at the study into view, with the focus, once it is there. */
  declare runModel: boolean;
  declare tokenProvider: TokenProvider | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private readonly tools = new ViewerTools(() => this.requestUpdate());
  private readonly grid = new ViewportGrid(this, this.tools);
  private readonly actions = new ViewerActions(this.grid, this.tools, () => this.requestUpdate());
  private readonly correction = new Correction(
    this.grid,
    () => this.renderRoot,
    () => this.requestUpdate(),
  );
  private readonly opened: StudyInView = new StudyInView(this, {
    grid: this.grid,
    correction: this.correction,
    findings: () => this.findings,
    forget: () => this.forget(),
    waits: (study) => this.askUnsaved(study),
  });
  private readonly findings = new Findings({
    grid: this.grid,
    correction: this.correction,
    details: () => this.opened.details,
    language: () => this.language,
    tokenProvider: () => this.tokenProvider,
    changed: () => this.requestUpdate(),
    refresh: () => this.opened.refresh(),
    reload: () => this.opened.reload(),
    chooseSeries: (series) => this.opened.choose(series),
    rendered: () => this.updateComplete,
    planes: () => this.renderRoot.querySelector("neuronova-mpr"),
    correctionEnded: () => this.opened.openWaiting(),
  });
  private readonly keyImages = new KeyImages({
    element: this,
    study: () => (this.compact ? null : (this.study ?? null)),
    grid: this.grid,
    details: () => this.opened.details,
    language: () => this.language,
    root: () => this.renderRoot,
    open: (image) => void this.findings.openImage({ studyInstanceUid: this.study ?? "", ...image }),
  });
  private readonly parts: ViewerParts = {
    study: this.opened,
    grid: this.grid,
    tools: this.tools,
    actions: this.actions,
    correction: this.correction,
    findings: this.findings,
    keyImages: this.keyImages,
  };
  private readonly announced = new WeakMap<Viewport, string>();

  constructor() {
    super();
    this.language = preferredLanguage();
    this.compact = false;
    this.runModel = false;
  }

  /** What is on screen, for those who embed the viewer; undefined while nothing or a failure is shown. */
  get imageOnScreen():
    { sopInstanceUid: string; index: number; transferSyntaxUid: string; complete: boolean } | undefined {
    const { visible } = this.grid.active;
    if (visible === undefined || this.isReformatted) return undefined;
    const { image, index, transferSyntaxUid, complete } = visible;
    return { sopInstanceUid: image.sopInstanceUid, index, transferSyntaxUid, complete };
  }

  /** Whether reformatted planes are in the place of the images. */
  private get isReformatted(): boolean {
    return layoutOf(this.layout).name === "mpr";
  }

  /** The images of the viewport in use, in their order. */
  get images(): readonly SeriesImage[] | undefined {
    return this.grid.active.images;
  }

  get stage(): Stage | undefined {
    return this.grid.active.stage;
  }

  /** Shows an image of the series in use, by its place from 0; linked viewports follow. */
  async showImage(index: number): Promise<void> {
    await this.grid.scrollTo(this.grid.active, index);
  }

  /** @internal */
  correctedOn(viewport: Viewport): Segmentation | undefined {
    return this.correction.segmentationOn(viewport);
  }

  /** @internal */
  viewportShown(viewport: Viewport, { image, index }: ShownImage): void {
    this.requestUpdate();
    if (this.announced.get(viewport) === image.imageId) return;
    this.announced.set(viewport, image.imageId);
    this.grid.imageChanged(viewport);
    this.tell("neuronova-image-rendered", { sopInstanceUid: image.sopInstanceUid, index });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.requestUpdate("study");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.opened.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Before the study is followed: another one may have to wait.
    if (changed.has("study") || changed.has("tokenProvider")) this.opened.ask(changed);
    if (changed.has("layout")) {
      this.grid.arrange(layoutOf(this.layout).viewports);
      this.actions.resting = this.isReformatted;
      if (this.isReformatted) this.actions.cine.stop();
      void this.opened.refresh();
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("series") && this.opened.details !== undefined && this.series !== this.grid.active.series)
      void this.opened.choose(this.series);
    if (changed.has("interpolation"))
      for (const { viewport } of this.grid.places)
        viewport.stage?.setNearest(this.interpolation === "nearest");
    for (const { viewport } of this.grid.places) {
      const drawn = viewport.drawOverlay(this.findings.look);
      if (drawn !== undefined)
        this.tell("neuronova-segmentation-shown", { sopInstanceUid: drawn.sopInstanceUid });
    }
  }

  /** Of another study nothing stays, neither on screen nor in memory. */
  private forget(): void {
    this.grid.close();
    this.findings.clear();
    this.correction.end();
    this.tools.clear();
    this.actions.cine.stop();
  }

  /** Tells the page and asks the person: a correction would be lost. */
  private askUnsaved(waiting: string | undefined): void {
    this.tell("neuronova-unsaved", { studyInstanceUid: waiting });
    this.renderRoot.querySelector<HTMLDialogElement>("dialog.unsaved:not([open])")?.showModal();
  }

  private tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { language, parts, compact, runModel, tokenProvider } = this;
    return viewerView({
      language,
      parts,
      layout: layoutOf(this.layout).name,
      compact,
      runModel,
      tokenProvider,
      noToken: tokenProvider === undefined && this.tokenRequest.unanswered,
      onLayout: (name) => {
        if (!this.correction.isInTheWay()) this.layout = name;
      },
      onHelp: () => this.renderRoot.querySelector<HTMLDialogElement>("dialog.shortcuts")?.showModal(),
    });
  }
}
