import { html, nothing, svg, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { textOf } from "../../imaging/dicom-json.js";
import { orientationLetters } from "../../imaging/orientation-markers.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import { dot, negate, type Vector } from "../../imaging/vector.js";
import { windowOf, type VoiRange } from "../../imaging/voi-window.js";
import { message, type Language } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import { annotationLayer } from "../viewer/annotation-layer.js";
import { drawingCursor } from "../viewer/drawing-cursor.js";
import { drawingStatus } from "../viewer/drawing-status.js";
import type { ViewerTools } from "../viewer/viewer-tools.js";
import { depthText } from "./depth-text.js";
import type { MprInput } from "./mpr-input.js";
import type { MprPane } from "./mpr-pane.js";
import type { PlaneDrawing } from "./plane-drawing.js";

/** Colours of the lines that say where the other planes cut. */
const COLOURS = { axial: "#8fd0ff", sagittal: "#ffd27a", coronal: "#a6e8a0" } as const;

export interface MprPaneState {
  readonly language: Language;
  readonly panes: readonly MprPane[];
  readonly input: MprInput;
  /** One of the images that the volume was made of; undefined until there is a volume. */
  readonly image: SeriesImage | undefined;
  readonly point: Vector | undefined;
  readonly window: VoiRange | undefined;
  /** What the segments on the planes are. */
  readonly segmentLabel: string;
  /** What was drawn; undefined where nothing is measured with. */
  readonly tools: ViewerTools | undefined;
  readonly drawing: PlaneDrawing | undefined;
}

/** A reformatted plane with whose it is, where it lies, its directions and, if segments are drawn, what they are. */
export function mprPaneView(pane: MprPane, state: MprPaneState): TemplateResult {
  const { language, input, image, point } = state;
  const { name } = pane.view;
  return html`
    <div
      class="pane"
      data-plane=${name}
      tabindex="0"
      role="img"
      aria-label=${message(language, name)}
      @pointerdown=${(event: PointerEvent) => input.take(event, pane)}
      @pointermove=${(event: PointerEvent) => input.drag(event, pane)}
      @pointerup=${() => input.release()}
      @pointercancel=${() => input.release()}
      @contextmenu=${(event: Event) => event.preventDefault()}
      @wheel=${(event: WheelEvent) => input.turn(event, pane)}
      @keydown=${(event: KeyboardEvent) => input.press(event, pane)}
    >
      <canvas ${ref(pane.onCanvas)}></canvas>
      <canvas class="overlay" ${ref(pane.onOverlay)}></canvas>
      ${
        image === undefined || point === undefined
          ? nothing
          : html`${marks(pane, image, point, state)}${measurements(pane, state)}`
      }
    </div>
  `;
}

function marks(
  pane: MprPane,
  { metadata }: SeriesImage,
  point: Vector,
  { language, panes, window, segmentLabel }: MprPaneState,
): TemplateResult {
  const { name, right, down } = pane.view;
  const text = (tag: string) => textOf(metadata, tag) ?? "";
  const level = window && windowOf(window);
  return html`
    <svg aria-hidden="true">${lines(pane, panes, point)}</svg>
    <div class="corner tl">
      <strong>${personName(text("00100010"), language)}</strong
      ><br />${text("00100020")}<br />${text("00100040")} · ${dicomDate(text("00100030"), language)}
      ${message(language, "born")}
    </div>
    <div class="corner tr">
      <strong class=${name}>${message(language, name)}</strong><br />
      ${dicomDate(text("00080020"), language)}<br />
      ${text("00080060")} · ${text("0008103E")}
    </div>
    <div class="corner bl">
      <span data-place=${name}>${depthText({ view: pane.view, depthMm: dot(point, pane.through) })}</span> mm
    </div>
    <div class="corner br">
      ${level === undefined ? nothing : `W ${Math.round(level.width)} · L ${Math.round(level.centre)}`}
    </div>
    <span class="marker left">${orientationLetters(negate(right))}</span>
    <span class="marker right">${orientationLetters(right)}</span>
    <span class="marker top">${orientationLetters(negate(down))}</span>
    <span class="marker bottom">${orientationLetters(down)}</span>
    ${pane.isOverlaid ? html`<div class="ai-label">${segmentLabel}</div>` : nothing}
  `;
}

/** What is drawn on the plane, with the cursor that keys move and what it tells. */
function measurements(
  pane: MprPane,
  { language, tools, drawing }: MprPaneState,
): TemplateResult | typeof nothing {
  const { map } = pane;
  const image = drawing?.image;
  if (map === undefined || image === undefined || tools === undefined) return nothing;
  const drawn = tools.drawnOnPlane(image.imageId);
  const cursor = drawing?.keyboard.current;
  return html`
    ${annotationLayer(drawn, map, language)} ${drawingCursor(cursor, map)}
    <p class="unseen" role="status" data-drawing>${drawingStatus(cursor, drawn, language)}</p>
  `;
}

/** Where the other two planes cut this one. */
function lines(pane: MprPane, panes: readonly MprPane[], point: Vector): readonly unknown[] {
  const at = pane.toScreen(point);
  if (at === undefined) return [];
  const [x, y] = at;
  return panes
    .filter((other) => other !== pane)
    .map((other) => {
      const colour = COLOURS[other.view.name];
      const isUpright = Math.abs(dot(other.through, pane.view.right)) > 0.5;
      return isUpright
        ? svg`<line x1=${x} x2=${x} y1="0" y2="100%" stroke=${colour}></line>`
        : svg`<line x1="0" x2="100%" y1=${y} y2=${y} stroke=${colour}></line>`;
    });
}
