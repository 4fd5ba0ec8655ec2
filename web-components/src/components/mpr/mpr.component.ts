import { LitElement, html, type PropertyValues, type TemplateResult } from "lit";
import type { Annotation } from "../../imaging/annotation.js";
import { textOf } from "../../imaging/dicom-json.js";
import type { MeasuredPlane } from "../../imaging/measured-plane.js";
import { PLANES, type Volume } from "../../imaging/reslice.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import { cross, dot, type Vector } from "../../imaging/vector.js";
import type { VoiRange } from "../../imaging/voi-window.js";
import { nearestInBox, plus, pointAt, scaled } from "../../imaging/volume-grid.js";
import type { Language } from "../../localization/messages.js";
import type { OverlayStyle } from "../../segmentation/draw-overlay.js";
import type { Segmentation } from "../../segmentation/read-segmentation.js";
import { SegmentVolume } from "../../segmentation/segment-volume.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { unseen } from "../unseen.styles.js";
import { annotationStyles } from "../viewer/annotations.styles.js";
import { imageMarks } from "../viewer/image-marks.styles.js";
import type { Tool } from "../viewer/tool.js";
import type { ViewerTools } from "../viewer/viewer-tools.js";
import { MprInput } from "./mpr-input.js";
import { mprNote } from "./mpr-note.js";
import { MprPane } from "./mpr-pane.js";
import { mprPaneView } from "./mpr-pane-view.js";
import { mprStyles } from "./mpr.styles.js";
import { drawingsOn, type PlaneDrawing } from "./plane-drawing.js";
import { VolumeLoading, rangeIn } from "./volume-loading.js";

/**
 * The planes of a volume: axial, sagittal and coronal of the patient, through one point. Part of the viewer.
 *
 * @element neuronova-mpr
 */
export class NeuronovaMpr extends LitElement {
  // Colours and fonts are the viewer's: what a dark viewer sets, it inherits.
  static override styles = [unseen, imageMarks, annotationStyles, mprStyles];
  static override properties = {
    images: { attribute: false },
    series: { type: String },
    tokenProvider: { attribute: false },
    language: { type: String },
    start: { attribute: false },
    segmentation: { attribute: false },
    look: { attribute: false },
    segmentLabel: { attribute: false },
    tools: { attribute: false },
    tool: { type: String },
    drawn: { attribute: false },
    window: { state: true },
    volume: { state: true },
    point: { state: true },
    progress: { state: true },
    failure: { state: true },
  };

  /** Of one series, in the order of their places. */
  declare images: readonly SeriesImage[] | undefined;
  /** Series Instance UID of the images. */
  declare series: string;
  declare tokenProvider: TokenProvider | undefined;
  declare language: Language;
  /** The window to begin with; the whole range of values without it. */
  declare start: VoiRange | undefined;
  /** Drawn over the planes; it lies on the images. */
  declare segmentation: Segmentation | undefined;
  declare look: OverlayStyle;
  /** What the segments are, as it stands over them. */
  declare segmentLabel: string;
  /** The tool in the reader's hand, and what was drawn with it. */
  declare tools: ViewerTools | undefined;
  /** Of `tools`: drawn anew when it changes. */
  declare tool: Tool;
  /** All measurements of `tools`: drawn anew when they change. */
  declare drawn: readonly Annotation[];
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
  private drawings: ReadonlyMap<MprPane, PlaneDrawing> = new Map();
  private readonly loading = new VolumeLoading(this);
  private segments: SegmentVolume | undefined;
  /** The segment that is gone to as soon as the volume and its segmentation are there. */
  private wanted: { readonly sopInstanceUid: string; readonly segmentNumber: number } | undefined;
  /** The plane that is gone to as soon as the volume is there. */
  private wantedPlane: MeasuredPlane | undefined;
  private readonly resizing = new ResizeObserver(() => this.requestUpdate());

  constructor() {
    super();
    this.look = { hidden: new Set(), opacity: 0.5 };
    this.segmentLabel = "";
    this.series = "";
    this.tool = "window";
    this.drawn = [];
  }

  /** Puts the planes through a plane that something was measured on; the other two stay. */
  showPlane(plane: MeasuredPlane): void {
    this.wantedPlane = plane;
    this.requestUpdate();
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
    if (changed.has("tools")) this.drawings = drawingsOn(this.panes, this, this.tools?.annotations);
    if (changed.has("tool")) this.cancelDrawing();
    // Before anything is drawn: nobody else's volume stays.
    if (changed.has("images") || changed.has("tokenProvider")) {
      this.forget();
      const { images, tokenProvider } = this;
      if (this.isConnected && images !== undefined && tokenProvider !== undefined)
        void this.loading.start(images, tokenProvider);
    }
    if (changed.has("images") || changed.has("volume") || changed.has("segmentation")) this.placeSegments();
    this.goToWanted();
  }

  protected override updated(): void {
    const { volume, point, window } = this;
    if (volume === undefined || point === undefined || window === undefined) return;
    let changed = false;
    for (const pane of this.panes) {
      const { standing, isOverlaid } = pane;
      pane.draw(volume, point, window, this.isInverted);
      pane.drawSegments(this.segments, this.look);
      changed ||= standing !== pane.standing || isOverlaid !== pane.isOverlaid;
    }
    // Lines and measurements lie where the planes were just drawn, and the label where segments were.
    if (changed) this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { language, failure, volume, panes, input, point, window, segmentLabel, tools } = this;
    const image = volume && this.images?.[0];
    const state = { language, panes, input, image, point, window, segmentLabel, tools };
    const loading = volume === undefined ? { done: this.progress, all: this.images?.length ?? 0 } : undefined;
    return html`
      ${panes.map((pane) => mprPaneView(pane, { ...state, drawing: this.drawingOn(pane) }))}
      ${mprNote({ language, failure, loading })}
    `;
  }

  private get isInverted(): boolean {
    return textOf(this.images?.[0]?.metadata ?? {}, "00280004") === "MONOCHROME1";
  }

  /** Puts the planes through a point, or the nearest the volume's box has. @internal */
  goTo(point: Vector): void {
    if (this.volume === undefined) return;
    // What is being drawn belongs to the plane that is left.
    this.cancelDrawing();
    this.point = nearestInBox(this.volume.grid, point);
  }

  /** Measuring on a plane; undefined where nothing is measured with. @internal */
  drawingOn(pane: MprPane): PlaneDrawing | undefined {
    return this.drawings.get(pane);
  }

  /** @internal */
  chooseTool(tool: Tool): void {
    this.tools?.choose(tool);
  }

  /** @internal */
  arrived(images: number): void {
    this.progress = images;
  }

  /** @internal */
  loaded(volume: Volume): void {
    const { grid } = volume;
    this.volume = volume;
    this.point = pointAt(grid, [(grid.columns - 1) / 2, (grid.rows - 1) / 2, (grid.slices - 1) / 2]);
    this.window = this.start ?? rangeIn(volume);
  }

  /** @internal */
  failed(reason: string): void {
    this.failure = reason;
  }

  /** The cursor of a plane has moved. @internal */
  changed(): void {
    this.requestUpdate();
  }

  private cancelDrawing(): void {
    for (const drawing of this.drawings.values()) drawing.cancel();
  }

  private goToWanted(): void {
    this.goToWantedPlane();
    const { wanted, segments, segmentation } = this;
    if (wanted === undefined || segments === undefined) return;
    if (wanted.sopInstanceUid !== segmentation?.sopInstanceUid) return;
    this.wanted = undefined;
    const point = segments.middleOf(wanted.segmentNumber);
    if (point !== undefined) this.goTo(point);
  }

  private goToWantedPlane(): void {
    const { wantedPlane, point } = this;
    if (wantedPlane === undefined || point === undefined || wantedPlane.seriesInstanceUid !== this.series)
      return;
    this.wantedPlane = undefined;
    const { view, depthMm } = wantedPlane;
    const through = cross(view.right, view.down);
    this.goTo(plus(point, scaled(through, depthMm - dot(point, through))));
  }

  private placeSegments(): void {
    const { volume, images, segmentation } = this;
    this.segments =
      volume === undefined || images === undefined || segmentation === undefined
        ? undefined
        : new SegmentVolume(segmentation, images, volume.grid);
  }

  private forget(): void {
    this.loading.stop();
    this.volume = undefined;
    this.wanted = undefined;
    this.cancelDrawing();
    this.point = undefined;
    this.window = undefined;
    this.failure = undefined;
    this.progress = 0;
    for (const pane of this.panes) pane.clear();
  }
}
