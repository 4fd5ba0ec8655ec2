import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { FollowedEvents } from "../../events/followed-events.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import type { ShownImage, Stage } from "../../imaging/stage.js";
import { message, preferredLanguage, type Language } from "../../localization/messages.js";
import type { Segmentation } from "../../segmentation/read-segmentation.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import { loadStudy } from "../../studies/load-study.js";
import type { StudyDetails } from "../../studies/study.js";
import { theme } from "../theme.js";
import { unseen } from "../unseen.styles.js";
import type { DrawnAnnotation } from "./annotation-layer.js";
import { annotationList } from "./annotation-list.js";
import { Correction } from "./correction.js";
import { Findings } from "./findings.js";
import { KeyImages } from "./key-images.js";
import { keyImageStyles } from "./key-images.styles.js";
import { imageMarks } from "./image-marks.styles.js";
import { layoutOf } from "./layout.js";
import { OpenedStudy } from "./opened-study.js";
import { panelStyles } from "./panels.styles.js";
import { noVolumeIn, reformattedPlanes } from "./reformatted.js";
import { seriesPanel } from "./series-panel.js";
import { hasImages } from "./study-source.js";
import { toolbar } from "./toolbar.js";
import { unsavedDialog } from "./unsaved-dialog.js";
import { styles } from "./viewer.styles.js";
import { shortcutsDialog } from "./shortcuts-dialog.js";
import { ViewerActions } from "./viewer-actions.js";
import { ViewerTools } from "./viewer-tools.js";
import type { Viewport, ViewportHost } from "./viewport.js";
import { ViewportGrid, type Place } from "./viewport-grid.js";
import { viewportView } from "./viewport-view.js";

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
  static override styles = [theme, unseen, imageMarks, styles, panelStyles, keyImageStyles];
  static override properties = {
    study: { type: String },
    series: { type: String },
    layout: { type: String },
    language: { type: String },
    interpolation: { type: String },
    compact: { type: Boolean },
    runModel: { type: Boolean, attribute: "run-model" },
    tokenProvider: { attribute: false },
    details: { state: true },
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
  declare private details: StudyDetails | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private readonly tools = new ViewerTools(() => this.requestUpdate());
  private readonly grid = new ViewportGrid(this, this.tools);
  private readonly actions = new ViewerActions(this.grid, this.tools, () => this.requestUpdate());
  private readonly correction = new Correction(
    this.grid,
    () => this.renderRoot,
    () => this.requestUpdate(),
  );
  private readonly findings = new Findings({
    grid: this.grid,
    correction: this.correction,
    details: () => this.details,
    language: () => this.language,
    tokenProvider: () => this.tokenProvider,
    changed: () => this.requestUpdate(),
    refresh: () => this.refresh(),
    reload: () => void this.followed.load(),
    chooseSeries: (series) => this.choose(series),
    planes: () => this.renderRoot.querySelector("neuronova-mpr"),
    correctionEnded: () => this.openWaiting(),
  });
  private readonly opened = new OpenedStudy({
    isUnsaved: () => this.correction.isInTheWay(),
    refused: (waiting) => this.askUnsaved(waiting),
  });
  private readonly followed = new FollowedEvents<StudyDetails>(this, {
    subject: () => this.study ?? null,
    forget: () => this.forget(),
    concerns: ({ studyInstanceUid }) => studyInstanceUid === this.study,
    load: (token) => loadStudy(this.study ?? "", token),
    loaded: (details) => void this.bringUpToDate(details),
    failed: (error) => {
      if (this.details !== undefined) return;
      this.grid.active.failure = error instanceof Error ? error.message : String(error);
      this.requestUpdate();
    },
  });
  private readonly keyImages = new KeyImages({
    element: this,
    study: () => (this.compact ? null : (this.study ?? null)),
    grid: this.grid,
    details: () => this.details,
    language: () => this.language,
    root: () => this.renderRoot,
    open: (image) => void this.findings.openImage({ studyInstanceUid: this.study ?? "", ...image }),
  });
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
    this.forget();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Before the study is followed: another one may have to wait.
    if (changed.has("study") || changed.has("tokenProvider")) this.askToOpen(changed);
    if (changed.has("layout")) {
      this.grid.arrange(layoutOf(this.layout).viewports);
      this.actions.resting = this.isReformatted;
      if (this.isReformatted) this.actions.cine.stop();
      void this.refresh();
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("series") && this.details !== undefined && this.series !== this.grid.active.series)
      void this.choose(this.series);
    if (changed.has("interpolation"))
      for (const { viewport } of this.grid.places)
        viewport.stage?.setNearest(this.interpolation === "nearest");
    for (const { viewport } of this.grid.places) {
      const drawn = viewport.drawOverlay(this.findings.look);
      if (drawn !== undefined)
        this.tell("neuronova-segmentation-shown", { sopInstanceUid: drawn.sopInstanceUid });
    }
  }

  private askToOpen(changed: PropertyValues<this>): void {
    const { open, study } = this.isConnected ? this.opened.ask(this) : { open: false, study: this.study };
    if (study !== this.study) {
      this.study = study;
      this.series = this.grid.active.series;
    } else if (open && changed.get("study") !== undefined && !changed.has("series")) {
      // A series is of one study.
      this.series = undefined;
    }
  }

  /** Of another study nothing stays, neither on screen nor in memory. */
  private forget(): void {
    this.details = undefined;
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

  /** Opens the study that had to wait for a correction, if one did. */
  private openWaiting(): void {
    const waiting = this.opened.takeWaiting();
    if (waiting !== undefined) this.study = waiting.study;
  }

  /** Shows the study as it is now: what is new in it comes in. */
  private async bringUpToDate(details: StudyDetails): Promise<void> {
    if (this.details === undefined) this.grid.active.failure = undefined;
    this.details = details;
    const { tokenProvider } = this;
    if (tokenProvider === undefined) return;
    if (this.grid.isEmpty) this.series ??= details.series.find(hasImages)?.seriesInstanceUid;
    this.grid.active.series ??= this.series;
    this.findings.refresh(details, tokenProvider);
    await this.grid.refresh(details, tokenProvider);
  }

  /** Once more what the study was last known to be: something is to be shown otherwise. */
  private async refresh(): Promise<void> {
    if (this.details !== undefined) await this.bringUpToDate(this.details);
  }

  private activate(viewport: Viewport): void {
    this.grid.active = viewport;
    this.series = viewport.series;
    this.requestUpdate();
  }

  /** Shows a series in the viewport in use, unless a correction there would be lost. */
  private async choose(series: string | undefined): Promise<void> {
    const { active } = this.grid;
    if (!this.correction.leave(active)) {
      this.series = active.series;
      return;
    }
    active.choose(series);
    this.series = series;
    await this.refresh();
  }

  private tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const { language, details } = this;
    // Measured before the list of measurements is made.
    const drawn = this.grid.places.map(({ viewport }) => this.tools.drawnOn(viewport));
    return html`
      <div class="layout ${this.compact ? "compact" : ""}" lang=${language}>
        ${
          this.compact
            ? nothing
            : html`<aside aria-label=${message(language, "series")}>
                ${seriesPanel(language, details, this.grid.active.series, this.tokenProvider, (uid) => {
                  if (uid !== this.grid.active.series) void this.choose(uid);
                })}
              </aside>`
        }
        <div class="centre">
          ${
            this.compact
              ? nothing
              : toolbar({
                  language,
                  actions: this.actions,
                  layout: layoutOf(this.layout).name,
                  noVolume: noVolumeIn(this.images),
                  onLayout: (name) => {
                    if (!this.correction.isInTheWay()) this.layout = name;
                  },
                  onExport: () => void this.actions.export(language),
                  onPrint: () => this.actions.print(language),
                  onKeyImage: this.keyImages.mayAdd ? () => this.keyImages.ask() : undefined,
                  onHelp: () => this.openShortcuts(),
                })
          }
          ${this.isReformatted ? reformattedPlanes(language, this.grid.active, this.findings.look, this.tokenProvider) : nothing}
          <div class="grid" data-layout=${layoutOf(this.layout).name} ?hidden=${this.isReformatted}>
            ${repeat(
              this.grid.places,
              ({ viewport }) => viewport,
              (place, index) => this.renderPlace(place, index, drawn[index] ?? []),
            )}
          </div>
        </div>
        ${
          this.compact
            ? nothing
            : html`<aside aria-label=${message(language, "findings")}>
                ${annotationList(language, this.tools, this.images ?? [], (index) => void this.showImage(index))}
                ${
                  details === undefined
                    ? nothing
                    : html`${this.keyImages.panel(language)} ${this.findings.render(details, this.runModel)}`
                }
              </aside>`
        }
        ${shortcutsDialog(language)} ${this.keyImages.dialog(language)}
        ${unsavedDialog(language, {
          onStay: () => this.opened.stay(),
          onDiscard: () => {
            this.correction.end();
            this.openWaiting();
          },
        })}
      </div>
    `;
  }

  private openShortcuts(): void {
    this.renderRoot.querySelector<HTMLDialogElement>("dialog.shortcuts")?.showModal();
  }

  private renderPlace(
    { viewport, input }: Place,
    index: number,
    drawn: readonly DrawnAnnotation[],
  ): TemplateResult {
    return viewportView({
      language: this.language,
      viewport,
      input,
      place: index + 1,
      places: this.grid.places.length,
      active: viewport === this.grid.active,
      noToken: this.tokenProvider === undefined && this.tokenRequest.unanswered,
      details: this.details,
      drawn,
      brush: this.correction.layer(viewport, this.language),
      keyImage: this.keyImages.textOn(viewport, this.language),
      onKey: (event) => {
        const help = () => this.openShortcuts();
        if (this.actions.press(event, { help, keyImage: () => this.keyImages.ask() })) event.preventDefault();
      },
      onActivate: () => this.activate(viewport),
      onDrop: (series) => {
        this.activate(viewport);
        void this.choose(series);
      },
      onShow: (to) => void this.grid.scrollTo(viewport, to),
    });
  }
}
