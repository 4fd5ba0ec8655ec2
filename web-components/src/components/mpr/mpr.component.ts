import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { textOf } from "../../imaging/dicom-json.js";
import { PLANES, type Volume } from "../../imaging/reslice.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import type { Vector } from "../../imaging/vector.js";
import type { VoiRange } from "../../imaging/voi-window.js";
import { nearestInBox, pointAt, volumeGridOf } from "../../imaging/volume-grid.js";
import { message, type Language } from "../../localization/messages.js";
import { mprMessage } from "../../localization/mpr-messages.js";
import type { OverlayStyle } from "../../segmentation/draw-overlay.js";
import type { Segmentation } from "../../segmentation/read-segmentation.js";
import { SegmentVolume } from "../../segmentation/segment-volume.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { imageMarks } from "../viewer/image-marks.styles.js";
import { MprInput } from "./mpr-input.js";
import { MprPane } from "./mpr-pane.js";
import { mprPaneView } from "./mpr-pane-view.js";
import { mprStyles } from "./mpr.styles.js";

/**
 * The planes of a volume: axial, sagittal and coronal of the patient, through one point. Part of the viewer.
 *
 * @element neuronova-mpr
 */
export class NeuronovaMpr extends LitElement {
  // Colours and fonts are the viewer's: what a dark viewer sets, it inherits.
  static override styles = [imageMarks, mprStyles];
  static override properties = {
    images: { attribute: false },
    tokenProvider: { attribute: false },
    language: { type: String },
    start: { attribute: false },
    segmentation: { attribute: false },
    look: { attribute: false },
    segmentLabel: { attribute: false },
    window: { state: true },
    volume: { state: true },
    point: { state: true },
    progress: { state: true },
    failure: { state: true },
  };

  /** Of one series, in the order of their places. */
  declare images: readonly SeriesImage[] | undefined;
  declare tokenProvider: TokenProvider | undefined;
  declare language: Language;
  /** The window to begin with; the whole range of values without it. */
  declare start: VoiRange | undefined;
  /** Drawn over the planes; it lies on the images. */
  declare segmentation: Segmentation | undefined;
  declare look: OverlayStyle;
  /** What the segments are, as it stands over them. */
  declare segmentLabel: string;
  /** Of all planes. @internal */
  declare window: VoiRange | undefined;
  /** @internal */
  declare volume: Volume | undefined;
  /** Where the three planes meet, millimetres of the patient. */
  declare point: Vector | undefined;
  declare private progress: number;
  declare private failure: string | undefined;
  /** @internal */
  readonly panes = PLANES.map((view) => new MprPane(view));
  private readonly input = new MprInput(this);
  private loading: AbortController | undefined;
  private segments: SegmentVolume | undefined;
  /** The segment that is gone to as soon as the volume and its segmentation are there. */
  private wanted: { readonly sopInstanceUid: string; readonly segmentNumber: number } | undefined;
  private readonly resizing = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.look = { hidden: new Set(), opacity: 0.5 };
    this.segmentLabel = "";
  }

  /** Puts the planes through a segment of a segmentation, which may be on its way here. */
  showSegment({ sopInstanceUid }: Segmentation, segmentNumber: number): void {
    this.wanted = { sopInstanceUid, segmentNumber };
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
    this.requestUpdate("images");
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.forget();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Before anything is drawn: nobody else's volume stays.
    if (changed.has("images") || changed.has("tokenProvider")) {
      this.forget();
      if (this.isConnected) void this.load();
    }
    if (changed.has("images") || changed.has("volume") || changed.has("segmentation")) this.placeSegments();
    this.goToWanted();
  }

  protected override updated(): void {
    const { volume, point, window } = this;
    if (volume === undefined || point === undefined || window === undefined) return;
    let changed = false;
    for (const pane of this.panes) {
      const { plane, isOverlaid } = pane;
      pane.draw(volume, point, window, this.isInverted);
      pane.drawSegments(this.segments, this.look);
      changed ||= plane === undefined || plane.corner.join() !== pane.plane?.corner.join();
      changed ||= isOverlaid !== pane.isOverlaid;
    }
    // The lines lie where the planes were just drawn, and the label where segments were.
    if (changed) this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { language, failure, volume, panes, input, point, window, segmentLabel } = this;
    const all = this.images?.length ?? 0;
    const image = volume && this.images?.[0];
    return html`
      ${panes.map((pane) => mprPaneView(pane, { language, panes, input, image, point, window, segmentLabel }))}
      <div class="note" lang=${language}>
        <p><strong>${mprMessage(language, "mprTitle")}</strong></p>
        ${failure === undefined ? nothing : html`<p role="alert">${mprMessage(language, "mprFailed")}: ${failure}</p>`}
        ${
          volume === undefined && failure === undefined
            ? html`<p role="status">${mprMessage(language, "mprLoading", { done: this.progress, all })}</p>`
            : nothing
        }
        <p>${mprMessage(language, "mprReformatted")}</p>
        <p>${mprMessage(language, "mprSegments")}</p>
        <p>${mprMessage(language, "mprHelp")}</p>
      </div>
    `;
  }

  private get isInverted(): boolean {
    return textOf(this.images?.[0]?.metadata ?? {}, "00280004") === "MONOCHROME1";
  }

  /** Puts the planes through a point, or the nearest the volume's box has. @internal */
  goTo(point: Vector): void {
    if (this.volume !== undefined) this.point = nearestInBox(this.volume.grid, point);
  }

  private goToWanted(): void {
    const { wanted, segments, segmentation } = this;
    if (wanted === undefined || segments === undefined) return;
    if (wanted.sopInstanceUid !== segmentation?.sopInstanceUid) return;
    this.wanted = undefined;
    const point = segments.middleOf(wanted.segmentNumber);
    if (point !== undefined) this.goTo(point);
  }

  private placeSegments(): void {
    const { volume, images, segmentation } = this;
    this.segments =
      volume === undefined || images === undefined || segmentation === undefined
        ? undefined
        : new SegmentVolume(segmentation, images, volume.grid);
  }

  private forget(): void {
    this.loading?.abort();
    this.loading = undefined;
    this.volume = undefined;
    this.wanted = undefined;
    this.point = undefined;
    this.window = undefined;
    this.failure = undefined;
    this.progress = 0;
    for (const pane of this.panes) pane.clear();
  }

  private async load(): Promise<void> {
    const { images, tokenProvider } = this;
    if (images === undefined || tokenProvider === undefined) return;
    const grid = volumeGridOf(images);
    if (typeof grid === "string") {
      this.failure = mprMessage(this.language, grid);
      return;
    }
    const loading = new AbortController();
    this.loading = loading;
    try {
      const { loadVolume } = await import("../../imaging/load-volume.js");
      const volume = await loadVolume(images, grid, tokenProvider, loading.signal, (done) => {
        if (!loading.signal.aborted) this.progress = done;
      });
      if (loading.signal.aborted) return;
      this.volume = volume;
      this.point = pointAt(grid, [(grid.columns - 1) / 2, (grid.rows - 1) / 2, (grid.slices - 1) / 2]);
      this.window = this.start ?? rangeIn(volume);
    } catch (error) {
      loading.abort();
      if (this.loading !== loading) return;
      this.failure = error instanceof Error ? error.message : message(this.language, "imageFailed");
    }
  }
}

function rangeIn({ values }: Volume): VoiRange {
  let [lower, upper] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < lower) lower = value;
    if (value > upper) upper = value;
  }
  return { lower, upper };
}
