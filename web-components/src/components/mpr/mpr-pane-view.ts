import { html, nothing, svg, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { textOf } from "../../imaging/dicom-json.js";
import { orientationLetters } from "../../imaging/orientation-markers.js";
import type { PlaneView } from "../../imaging/reslice.js";
import type { SeriesImage } from "../../imaging/series-images.js";
import { dot, negate, type Vector } from "../../imaging/vector.js";
import { windowOf, type VoiRange } from "../../imaging/voi-window.js";
import { message, type Language } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import type { MprInput } from "./mpr-input.js";
import type { MprPane } from "./mpr-pane.js";

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
      ${image === undefined || point === undefined ? nothing : marks(pane, image, point, state)}
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
    <div class="corner bl"><span data-place=${name}>${placeOf(pane.view, point)}</span> mm</div>
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
