import { LitElement, html, nothing, svg, type PropertyValues, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { textOf } from "../../imaging/dicom-json.js";
import { orientationLetters } from "../../imaging/orientation-markers.js";
import { PLANES, type PlaneView, type Volume } from "../../imaging/reslice.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import type { Point } from "../../imaging/screen-map.js";
import { dot, negate, type Vector } from "../../imaging/vector.js";
import { windowOf, type VoiRange } from "../../imaging/voi-window.js";
import { pointAt, volumeGridOf } from "../../imaging/volume-grid.js";
import { message, type Language } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { MprPane } from "./mpr-pane.js";
import { imageMarks } from "../viewer/image-marks.styles.js";
import { mprStyles } from "./mpr.styles.js";

const WHEEL_STEP = 60;
/** Colours of the lines that say where the other planes cut. */
const COLOURS = { axial: "#8fd0ff", sagittal: "#ffd27a", coronal: "#a6e8a0" } as const;
const KEYS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowLeft: -1,
  ArrowDown: 1,
  ArrowRight: 1,
  PageUp: -5,
  PageDown: 5,
};

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
  /** Of all planes. */
  declare private window: VoiRange | undefined;
  /** @internal */
  declare volume: Volume | undefined;
  /** Where the three planes meet, millimetres of the patient. */
  declare point: Vector | undefined;
  declare private progress: number;
  declare private failure: string | undefined;
  /** @internal */
  readonly panes = PLANES.map((view) => new MprPane(view));
  private loading: AbortController | undefined;
  private held: { readonly pane: MprPane; readonly at: Point } | undefined;
  private travel = 0;
  private readonly resizing = new ResizeObserver(() => this.requestUpdate());

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
  }

  protected override updated(): void {
    const { volume, point, window } = this;
    if (volume === undefined || point === undefined || window === undefined) return;
    let moved = false;
    for (const pane of this.panes) {
      const before = pane.plane;
      pane.draw(volume, point, window, this.isInverted);
      moved ||= before?.corner.join() !== pane.plane?.corner.join() || before === undefined;
    }
    // The lines lie where the planes were just drawn.
    if (moved) this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { language, failure, volume } = this;
    const all = this.images?.length ?? 0;
    return html`
      ${this.panes.map((pane) => this.renderPane(pane))}
      <div class="note" lang=${language}>
        <p><strong>${message(language, "mprTitle")}</strong></p>
        ${failure === undefined ? nothing : html`<p role="alert">${message(language, "mprFailed")}: ${failure}</p>`}
        ${
          volume === undefined && failure === undefined
            ? html`<p role="status">${message(language, "mprLoading", { done: this.progress, all })}</p>`
            : nothing
        }
        <p>${message(language, "mprReformatted")}</p>
        <p>${message(language, "mprNoOverlays")}</p>
        <p>${message(language, "mprHelp")}</p>
      </div>
    `;
  }

  private renderPane(pane: MprPane): TemplateResult {
    const { name, right, down } = pane.view;
    const { language, images, point, window } = this;
    const first = this.volume && images?.[0];
    const text = (tag: string) => (first && textOf(first.metadata, tag)) ?? "";
    const level = window && windowOf(window);
    return html`
      <div
        class="pane"
        data-plane=${name}
        tabindex="0"
        role="img"
        aria-label=${message(language, name)}
        @pointerdown=${(event: PointerEvent) => this.take(event, pane)}
        @pointermove=${(event: PointerEvent) => this.drag(event, pane)}
        @pointerup=${() => (this.held = undefined)}
        @pointercancel=${() => (this.held = undefined)}
        @contextmenu=${(event: Event) => event.preventDefault()}
        @wheel=${(event: WheelEvent) => this.turn(event, pane)}
        @keydown=${(event: KeyboardEvent) => this.press(event, pane)}
      >
        <canvas ${ref(pane.onCanvas)}></canvas>
        ${
          first === undefined || point === undefined
            ? nothing
            : html`
                <svg aria-hidden="true">${this.lines(pane, point)}</svg>
                <div class="corner tl">
                  <strong>${personName(text("00100010"), language)}</strong
                  ><br />${text("00100020")}<br />${text("00100040")} ·
                  ${dicomDate(text("00100030"), language)} ${message(language, "born")}
                </div>
                <div class="corner tr">
                  <strong class=${name}>${message(language, name)}</strong><br />
                  ${dicomDate(text("00080020"), language)}<br />
                  ${text("00080060")} · ${text("0008103E")}
                </div>
                <div class="corner bl"><span data-place=${name}>${placeOf(pane.view, point)}</span> mm</div>
                <div class="corner br">
                  ${level === undefined ? nothing : `W ${Math.round(level.width)} · L ${Math.round(level.centre)}`}
                </div>
                <span class="marker left">${orientationLetters(negate(right))}</span>
                <span class="marker right">${orientationLetters(right)}</span>
                <span class="marker top">${orientationLetters(negate(down))}</span>
                <span class="marker bottom">${orientationLetters(down)}</span>
              `
        }
      </div>
    `;
  }

  /** Where the other two planes cut this one. */
  private lines(pane: MprPane, point: Vector): readonly unknown[] {
    const at = pane.toScreen(point);
    if (at === undefined) return [];
    const [x, y] = at;
    return this.panes
      .filter((other) => other !== pane)
      .map((other) => {
        const colour = COLOURS[other.view.name];
        const isUpright = Math.abs(dot(other.through, pane.view.right)) > 0.5;
        return isUpright
          ? svg`<line x1=${x} x2=${x} y1="0" y2="100%" stroke=${colour}></line>`
          : svg`<line x1="0" x2="100%" y1=${y} y2=${y} stroke=${colour}></line>`;
      });
  }

  private get isInverted(): boolean {
    return textOf(this.images?.[0]?.metadata ?? {}, "00280004") === "MONOCHROME1";
  }

  private take(event: PointerEvent, pane: MprPane): void {
    const element = event.currentTarget as HTMLElement;
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    this.held = { pane, at: [event.clientX, event.clientY] };
    if (event.button === 0) this.moveTo(event, pane);
  }

  private drag(event: PointerEvent, pane: MprPane): void {
    if (this.held?.pane !== pane) return;
    const [x, y] = this.held.at;
    this.held = { pane, at: [event.clientX, event.clientY] };
    if (event.buttons === 1) this.moveTo(event, pane);
    else if (event.buttons === 2 && this.window !== undefined) {
      const { lower, upper } = this.window;
      const width = upper - lower;
      const centre = (upper + lower) / 2 + ((event.clientY - y) * width) / 300;
      const wider = Math.max(1, width + ((event.clientX - x) * width) / 200);
      this.window = { lower: centre - wider / 2, upper: centre + wider / 2 };
    }
  }

  private moveTo(event: PointerEvent, pane: MprPane): void {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const point = pane.toPatient([event.clientX - left, event.clientY - top]);
    if (point !== undefined) this.goTo(point);
  }

  private turn(event: WheelEvent, pane: MprPane): void {
    event.preventDefault();
    this.travel += event.deltaY;
    const steps = Math.trunc(this.travel / WHEEL_STEP);
    this.travel -= steps * WHEEL_STEP;
    this.step(pane, steps);
  }

  private press(event: KeyboardEvent, pane: MprPane): void {
    const steps = KEYS[event.key];
    if (steps === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.step(pane, steps);
  }

  private step(pane: MprPane, steps: number): void {
    const { volume, point } = this;
    if (volume !== undefined && point !== undefined && steps !== 0)
      this.goTo(pane.step(volume, point, steps));
  }

  /** Puts the planes through a point, or the nearest the volume's box has. */
  private goTo([x, y, z]: Vector): void {
    if (this.box === undefined) return;
    const [least, most] = this.box;
    const within = (value: number, axis: 0 | 1 | 2) => Math.min(most[axis], Math.max(least[axis], value));
    this.point = [within(x, 0), within(y, 1), within(z, 2)];
  }

  private box: readonly [Vector, Vector] | undefined;

  private forget(): void {
    this.loading?.abort();
    this.loading = undefined;
    this.volume = undefined;
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
      this.failure = message(this.language, grid);
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
      const ends = [0, 1].flatMap((i) =>
        [0, 1].flatMap((j) =>
          [0, 1].map((k) =>
            pointAt(grid, [i * (grid.columns - 1), j * (grid.rows - 1), k * (grid.slices - 1)]),
          ),
        ),
      );
      const extreme = (pick: (...values: number[]) => number): Vector => [
        pick(...ends.map(([x]) => x)),
        pick(...ends.map(([, y]) => y)),
        pick(...ends.map(([, , z]) => z)),
      ];
      this.box = [extreme(Math.min), extreme(Math.max)];
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

/** The place of a plane along the axis it stands across, with the letter of that direction. */
function placeOf({ right, down }: PlaneView, point: Vector): string {
  const axis = right[0] === 0 ? 0 : down[1] === 0 ? 1 : 2;
  const place = point[axis];
  const letters = [
    ["L", "R"],
    ["P", "A"],
    ["H", "F"],
  ][axis] ?? ["", ""];
  return `${letters[place < 0 ? 1 : 0] ?? ""} ${Math.abs(place).toFixed(1)}`;
}

function rangeIn({ values }: Volume): VoiRange {
  let [lower, upper] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < lower) lower = value;
    if (value > upper) upper = value;
  }
  return { lower, upper };
}
