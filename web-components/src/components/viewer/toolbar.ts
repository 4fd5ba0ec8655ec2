import { html, nothing, type TemplateResult } from "lit";
import { FRAME_RATES } from "../../imaging/frame-rate.js";
import type { Stage } from "../../imaging/stage.js";
import type { NoVolume } from "../../imaging/volume-grid.js";
import { message, type Language, type MessageKey } from "../../localization/messages.js";
import { mprMessage } from "../../localization/mpr-messages.js";
import { LAYOUTS, type Layout } from "./layout.js";
import { TOOLS } from "./tool.js";
import type { ViewerActions } from "./viewer-actions.js";

export interface ToolbarState {
  readonly language: Language;
  readonly actions: ViewerActions;
  readonly layout: Layout["name"];
  /** Why the series in use has no reformatted planes; undefined when it has, or nothing is shown. */
  readonly noVolume: NoVolume | undefined;
  readonly onLayout: (name: Layout["name"]) => void;
  readonly onExport: () => void;
  readonly onPrint: () => void;
  /** Marks the image as key image; undefined for who may not. */
  readonly onKeyImage: (() => void) | undefined;
  readonly onHelp: () => void;
}

/** Tools, what they act on, and how the images are laid out. */
export function toolbar(state: ToolbarState): TemplateResult {
  const { language, actions } = state;
  const { stage } = actions;
  const text = (key: MessageKey) => message(language, key);
  const act = (key: MessageKey, work: (stage: Stage) => void) =>
    html`<button type="button" ?disabled=${stage === undefined} @click=${() => stage && work(stage)}>
      ${text(key)}
    </button>`;
  return html`
    <div class="bar" role="toolbar" aria-label=${text("tools")}>
      <span class="choices" role="group" aria-label=${text("tools")}>
        ${TOOLS.map(
          ({ tool, name, key }) => html`
            <button
              type="button"
              data-tool=${tool}
              title="${text(name)} (${key})"
              aria-pressed=${tool === actions.tool}
              @click=${() => actions.chooseTool(tool)}
            >
              ${text(name)}
            </button>
          `,
        )}
      </span>
      ${actions.presets.length === 0 ? nothing : presetChoice(language, actions)}
      <span class="choices">
        ${act("rotate", (one) => one.rotate())} ${act("flipHorizontal", (one) => one.flip("horizontal"))}
        ${act("flipVertical", (one) => one.flip("vertical"))} ${act("invert", (one) => one.invert())}
        ${act("reset", (one) => one.reset())}
      </span>
      ${actions.canPlay ? cineControls(language, actions) : nothing}
      <span class="choices" role="group" aria-label=${text("layout")}>
        ${LAYOUTS.map(
          ({ name }) => html`
            <button
              type="button"
              aria-label="${text("layout")} ${name.replace("x", "×")}"
              aria-pressed=${name === state.layout}
              ?disabled=${name === "mpr" && state.layout !== "mpr" && state.noVolume !== undefined}
              title=${name === "mpr" && state.noVolume !== undefined ? mprMessage(language, state.noVolume) : nothing}
              @click=${() => state.onLayout(name)}
            >
              ${name === "mpr" ? text("mpr") : name.replace("x", "×")}
            </button>
          `,
        )}
        ${
          state.layout === "1x1" || state.layout === "mpr"
            ? nothing
            : html`<button
                type="button"
                aria-pressed=${actions.linked}
                @click=${() => (actions.linked = !actions.linked)}
              >
                ${text("linkedScroll")}
              </button>`
        }
      </span>
      <span class="choices">
        ${
          state.onKeyImage === undefined
            ? nothing
            : html`<button
                type="button"
                aria-label=${text("keyImage")}
                title="${text("keyImage")} (k)"
                ?disabled=${stage === undefined}
                @click=${state.onKeyImage}
              >
                ★
              </button>`
        }
        <button type="button" ?disabled=${stage === undefined} @click=${state.onExport}>
          ${text("exportPicture")}
        </button>
        <button type="button" ?disabled=${stage === undefined} @click=${state.onPrint}>
          ${text("printPicture")}
        </button>
        <button type="button" aria-label=${text("shortcuts")} @click=${state.onHelp}>?</button>
      </span>
    </div>
  `;
}

function presetChoice(language: Language, actions: ViewerActions): TemplateResult {
  return html`
    <select
      aria-label=${message(language, "windowLevel")}
      @change=${(event: Event) => {
        const select = event.target as HTMLSelectElement;
        if (select.value !== "") actions.applyPreset(Number(select.value));
        // The window may change otherwise: a preset is something to do, not a state.
        select.value = "";
      }}
    >
      <option value="">${message(language, "windowLevel")}</option>
      ${actions.presets.map(
        ({ name, width, centre }, index) =>
          html`<option value=${index}>${message(language, name)} W ${width} L ${centre}</option>`,
      )}
    </select>
  `;
}

function cineControls(language: Language, actions: ViewerActions): TemplateResult {
  const { playing } = actions.cine;
  return html`
    <span class="choices">
      <button type="button" aria-pressed=${playing} @click=${() => actions.toggleCine()}>
        ${message(language, playing ? "stop" : "cine")}
      </button>
      <label>
        <input
          class="rate"
          type="number"
          min=${FRAME_RATES.least}
          max=${FRAME_RATES.most}
          aria-label=${message(language, "framesPerSecond")}
          .value=${String(actions.framesPerSecond)}
          @change=${(event: Event) => (actions.framesPerSecond = (event.target as HTMLInputElement).valueAsNumber)}
        />
        <span class="sub" aria-hidden="true">fps</span>
      </label>
    </span>
  `;
}
