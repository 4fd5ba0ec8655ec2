import { html, nothing, svg, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";
import type { AnalysisResult } from "../../studies/study.js";
import type { OverlayControl } from "./overlay-control.js";

/** Segment Number of the attention map in its SEG. */
const ATTENTION = 1;

export interface FiguresState {
  readonly language: Language;
  /** Of a viewer whose image this result is drawn over. */
  readonly overlay: OverlayControl | undefined;
  readonly onToggle: (segment: number) => void;
  readonly onJump: (segment: number) => void;
}

type Score = NonNullable<AnalysisResult["scores"]>[number];
type Segment = AnalysisResult["segments"][number];

/** What a model measured: its scores, its segments, and where it looked. */
export function resultFigures(result: AnalysisResult, state: FiguresState): TemplateResult {
  const { segments, scores, segmentation, attention } = result;
  const hasAttention = segmentation === undefined && attention !== undefined;
  return html`
    ${scores.map((score) => scoreView(score))} ${segments.map((segment) => segmentView(segment, state))}
    ${
      hasAttention && state.overlay !== undefined
        ? html`<label class="segment">
            ${visibility(ATTENTION, message(state.language, "attention"), state)}
            <span>${message(state.language, "attention")}</span>
          </label>`
        : nothing
    }
  `;
}

/** A score with its range, the band it lies in, and what it means. */
function scoreView({ title, value, range, meaning, band }: Score): TemplateResult {
  const [low, high] = range;
  return html`
    <div class="score" part="score">
      <p>
        ${title}: <b>${value.toFixed(2)}</b> <span class="sub">(${low} – ${high})</span>
        ${band === undefined ? nothing : html`<b>${band.label}</b>`}
      </p>
      ${high > low ? scale(value, low, high) : nothing}
      <p class="sub">${meaning}</p>
    </div>
  `;
}

/** Where the value lies between the lowest and the highest; the figures beside it say the same. */
function scale(value: number, low: number, high: number): TemplateResult {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return html`<svg class="scale" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="all" width="100" height="6" rx="1"></rect><rect class="value" width=${share * 100} height="6" rx="1"></rect>`}
  </svg>`;
}

function segmentView(segment: Segment, state: FiguresState): TemplateResult {
  const { number, label, volumeMl, longestDiameterMm, colorRgb } = segment;
  const { language, overlay } = state;
  const isFound = volumeMl > 0;
  return html`
    <label class="segment" part="segment">
      ${overlay === undefined ? nothing : visibility(number, label, state)} ${swatch(colorRgb)}
      <span>${label}</span>
      <b>${volumeMl.toFixed(2)} ml</b>
    </label>
    ${
      isFound
        ? html`<div class="notes">
            ${
              typeof longestDiameterMm === "number"
                ? html`<span class="sub">
                    ${message(language, "diameter")} ${longestDiameterMm.toFixed(1)} mm
                  </span>`
                : nothing
            }
            ${
              overlay === undefined
                ? nothing
                : html`<button
                    class="jump"
                    type="button"
                    aria-label="${label}: ${message(language, "jump")}"
                    @click=${() => state.onJump(number)}
                  >
                    ${message(language, "jump")}
                  </button>`
            }
          </div>`
        : nothing
    }
  `;
}

function visibility(
  segment: number,
  label: string,
  { language, overlay, onToggle }: FiguresState,
): TemplateResult {
  return html`<input
    type="checkbox"
    .checked=${overlay?.hidden.has(segment) !== true}
    aria-label="${message(language, "show")}: ${label}"
    @change=${() => onToggle(segment)}
  />`;
}

/** A coloured square without an inline style, which a strict CSP forbids. */
function swatch([red, green, blue]: readonly [number, number, number]): TemplateResult {
  return html`<svg width="14" height="14" aria-hidden="true">
    ${svg`<rect width="14" height="14" rx="3" fill=${`rgb(${red},${green},${blue})`}></rect>`}
  </svg>`;
}
