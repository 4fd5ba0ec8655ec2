import { html, nothing, type TemplateResult } from "lit";
import { message, type Language, type MessageKey } from "../../localization/messages.js";
import { dicomDate } from "../../localization/person-name.js";
import type { SegmentationProblem } from "./viewport.js";
import type { SegmentationChoice } from "./segmentations.js";
import type { OverlayLook } from "../ai-results/overlay-control.js";
import type { Segmentation } from "../../segmentation/read-segmentation.js";

export interface SegmentationPanelState {
  readonly language: Language;
  readonly choices: readonly SegmentationChoice[];
  /** What is over the images in use; undefined for none. */
  readonly chosen: SegmentationChoice | undefined;
  /** Why the chosen one is not drawn. */
  readonly problem: SegmentationProblem | undefined;
  readonly drawn: Segmentation | undefined;
  readonly look: OverlayLook;
  /** @param choice undefined: nothing is to be drawn */
  readonly onChoose: (choice: SegmentationChoice | undefined) => void;
  readonly onLook: (look: Partial<OverlayLook>) => void;
  readonly onJump: (segment: number) => void;
}

const PROBLEMS: Readonly<Record<SegmentationProblem, MessageKey>> = {
  "on-no-image": "segOnNoImage",
  "other-grid": "segOtherGrid",
  type: "segType",
  pixels: "segPixels",
  "not-a-segmentation": "segNotOne",
  "not-editable": "segNotOne",
  "not-there": "segNotThere",
};

/** Which segmentation lies over the images in use, what it is, and why it is not drawn if it is not. */
export function segmentationPanel(state: SegmentationPanelState): TemplateResult | typeof nothing {
  const { language, choices, chosen, problem } = state;
  // A single result of this hub has its card: there is nothing to choose.
  if (choices.every(({ foreign }) => foreign === undefined) && choices.length < 2) return nothing;
  const text = (key: MessageKey) => message(language, key);
  return html`
    <section class="segmentations" aria-label=${text("segmentations")}>
      <h2>${text("segmentations")}</h2>
      <select
        aria-label=${text("segmentations")}
        @change=${(event: Event) => {
          const uid = (event.target as HTMLSelectElement).value;
          state.onChoose(choices.find(({ sopInstanceUid }) => sopInstanceUid === uid));
        }}
      >
        <option value="" ?selected=${chosen === undefined}>${text("segNone")}</option>
        ${choices.map(
          (choice) =>
            html`<option
              value=${choice.sopInstanceUid}
              ?selected=${choice.sopInstanceUid === chosen?.sopInstanceUid}
            >
              ${titleOf(choice, language)}
            </option>`,
        )}
      </select>
      ${chosen?.foreign === undefined ? nothing : foreignView(chosen, state)}
      ${problem === undefined ? nothing : html`<p class="bad" role="alert">${text("segNotDrawn")}: ${text(PROBLEMS[problem])}</p>`}
    </section>
  `;
}

/** What a segmentation is called, who made it and how. */
export function titleOf({ result, foreign }: SegmentationChoice, language: Language): string {
  if (result !== undefined)
    return `${result.model.title} ${result.model.version} · ${message(language, "segOfHub")}`;
  if (foreign === undefined) return "";
  const { title, date, algorithmTypes, segmentLabels } = foreign;
  return [
    title === "" ? "SEG" : title,
    algorithmTypes.join(", "),
    date === "" ? "" : dicomDate(date, language),
    segmentLabels.slice(0, 3).join(", "),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function foreignView({ foreign }: SegmentationChoice, state: SegmentationPanelState): TemplateResult {
  const { language, drawn, look } = state;
  return html`
    <p class="sub">
      ${message(language, "segForeign")}${foreign?.manufacturer ? html`: ${foreign.manufacturer}` : nothing}
    </p>
    ${drawn?.segments.map(
      ({ number, label }) => html`
        <label class="segment">
          <input
            type="checkbox"
            .checked=${!look.hidden.has(number)}
            @change=${(event: Event) => {
              const hidden = new Set(look.hidden);
              if ((event.target as HTMLInputElement).checked) hidden.delete(number);
              else hidden.add(number);
              state.onLook({ hidden });
            }}
          />
          <span>${label}</span>
          <button
            class="jump"
            type="button"
            aria-label="${label}: ${message(language, "jump")}"
            @click=${() => state.onJump(number)}
          >
            ${message(language, "jump")}
          </button>
        </label>
      `,
    )}
  `;
}
