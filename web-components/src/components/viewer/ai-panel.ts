import { html, nothing, svg, type TemplateResult } from "lit";
import { message, type Language, type MessageKey } from "../../localization/messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { REASON_TEXT, reviewLabel } from "../review/review-label.js";
import type { AnalysisResult, StudyDetails } from "../../studies/study.js";
import { drawableObject, segmentedResult } from "./study-source.js";

/** Segment Number of the attention map in its SEG. */
const ATTENTION = 1;

type Score = NonNullable<AnalysisResult["scores"]>[number];

export interface AiPanelState {
  readonly language: Language;
  readonly study: StudyDetails;
  /** On screen. */
  readonly series: string | undefined;
  readonly hidden: ReadonlySet<number>;
  readonly opacity: number;
  /** Whether only the borders of segments are drawn. */
  readonly outline: boolean;
  readonly onToggle: (segment: number) => void;
  readonly onOpacity: (opacity: number) => void;
  readonly onOutline: (outline: boolean) => void;
  /** Shows the image with the most of a segment. */
  readonly onJump: (segment: number) => void;
  /** Puts the segmentation under the brush. */
  readonly onEdit: (result: AnalysisResult) => void;
  /** The tools of who is correcting; nothing while nobody is. */
  readonly editor: TemplateResult | typeof nothing;
  readonly tokenProvider: TokenProvider | undefined;
  readonly onReviewed: (event: CustomEvent<{ analysis: number; conflict?: string }>) => void;
  /** What a reader is told whose decision came second, by analysis. */
  readonly conflicts: ReadonlyMap<number, string>;
}

/** What the models found, how sure they are, and who has reviewed it; for reviewers, what they may decide. */
export function aiPanel(state: AiPanelState): TemplateResult {
  const { language, study } = state;
  return html`
    <section aria-label=${message(language, "aiResult")}>
      <h2>${message(language, "aiResult")}</h2>
      ${state.editor}
      ${
        study.results.length === 0
          ? html`<p class="sub">${message(language, "analysisNone")}</p>`
          : study.results.map((result) => resultCard(result, state))
      }
    </section>
  `;
}

function resultCard(result: AnalysisResult, state: AiPanelState): TemplateResult {
  const { language } = state;
  return html`
    <article class="card" data-analysis=${result.state}>
      <h3>${result.model.title}</h3>
      ${result.state === "succeeded" ? succeeded(result, state) : html`<p class=${result.state === "failed" ? "bad" : "warn"}>${progress(result, language)}</p>`}
      <p class="sub">${message(language, "demonstration")}</p>
    </article>
  `;
}

function progress({ state, reason }: AnalysisResult, language: Language): string {
  const key: Record<string, MessageKey> = {
    queued: "analysisQueued",
    running: "analysisRunning",
    failed: "analysisFailed",
    "not-applicable": "analysisNotApplicable",
  };
  const text = message(language, key[state] ?? "analysisQueued");
  return reason === undefined ? text : `${text}: ${reason}`;
}

function succeeded(result: AnalysisResult, state: AiPanelState): TemplateResult {
  const { language, hidden, opacity, onToggle, onOpacity } = state;
  return html`
    <span class="badge ${result.review?.decision ?? ""}">${reviewLabel(language, result.review)}</span>
    ${reviewNotes(result, language)}
    ${state.conflicts.has(result.id) ? html`<p class="bad" role="alert">${state.conflicts.get(result.id)}</p>` : nothing}
    ${foundNothing(result) ? html`<p>${message(language, "noFinding")}</p>` : nothing}
    ${(result.scores ?? []).map((score) => scoreView(score))}
    ${result.segments.map(
      (segment) => html`
        <label class="segment">
          <input
            type="checkbox"
            .checked=${!hidden.has(segment.number)}
            aria-label="${message(language, "show")}: ${segment.label}"
            @change=${() => onToggle(segment.number)}
          />
          ${swatch(segment.colorRgb)} <span>${segment.label}</span>
          <b>${segment.volumeMl.toFixed(2)} ml</b>
        </label>
        ${segment.volumeMl > 0 ? segmentNotes(segment, result, state) : nothing}
      `,
    )}
    ${
      result.segmentation === undefined && result.attention !== undefined
        ? html`
            <label class="segment">
              <input
                type="checkbox"
                .checked=${!hidden.has(ATTENTION)}
                aria-label="${message(language, "show")}: ${message(language, "attention")}"
                @change=${() => onToggle(ATTENTION)}
              />
              <span>${message(language, "attention")}</span>
            </label>
          `
        : nothing
    }
    ${
      drawableObject(result) === undefined
        ? nothing
        : html`
            <label>
              <span class="sub">${message(language, "opacity")}</span>
              <input
                type="range"
                min="0"
                max="100"
                .value=${String(Math.round(opacity * 100))}
                @input=${(event: Event) => onOpacity(Number((event.target as HTMLInputElement).value) / 100)}
              />
            </label>
            <label class="segment">
              <input
                type="checkbox"
                .checked=${state.outline}
                @change=${(event: Event) => state.onOutline((event.target as HTMLInputElement).checked)}
              />
              <span>${message(language, "outline")}</span>
            </label>
          `
    }
    <dl>
      ${typeof result.confidence === "number" ? row(message(language, "confidence"), `${(result.confidence * 100).toFixed(0)} %`) : nothing}
      ${row(message(language, "model"), `${result.model.name} ${result.model.version}`)}
      ${row(message(language, "engine"), result.engine ?? "")}
      ${result.report === undefined ? nothing : row(message(language, "report"), result.verification ?? "UNVERIFIED")}
    </dl>
    ${state.study.mayReview === true && result.review == null ? decision(result, state) : nothing}
  `;
}

/** Of who may review: accept or reject, or correct what is drawn over the images. */
function decision(result: AnalysisResult, state: AiPanelState): TemplateResult {
  // One decision at a time: who corrects has not yet decided.
  if (state.editor !== nothing) return html``;
  return html`
    ${
      result.segmentation !== undefined && isDrawn(result, state)
        ? html`<button class="edit" type="button" @click=${() => state.onEdit(result)}>
            ${message(state.language, "maskEdit")}
          </button>`
        : nothing
    }
    <neuronova-review
      .result=${result}
      .language=${state.language}
      .tokenProvider=${state.tokenProvider}
      @neuronova-reviewed=${state.onReviewed}
    ></neuronova-review>
  `;
}

/** Whether this result's segmentation is the one over the images. */
function isDrawn(result: AnalysisResult, { study, series }: AiPanelState): boolean {
  return segmentedResult(study, series)?.id === result.id;
}

/** How long a segment is at most, and the way to it. */
function segmentNotes(
  { number, label, longestDiameterMm }: AnalysisResult["segments"][number],
  result: AnalysisResult,
  state: AiPanelState,
): TemplateResult {
  const { language } = state;
  return html`<div class="notes">
    ${
      typeof longestDiameterMm === "number"
        ? html`<span class="sub">${message(language, "diameter")} ${longestDiameterMm.toFixed(1)} mm</span>`
        : nothing
    }
    ${
      isDrawn(result, state)
        ? html`<button
            class="jump"
            type="button"
            aria-label="${label}: ${message(language, "jump")}"
            @click=${() => state.onJump(number)}
          >
            ${message(language, "jump")}
          </button>`
        : nothing
    }
  </div>`;
}

/** A model that looks for segments and found none; one that gives scores finds nothing in that sense. */
function foundNothing({ segments }: AnalysisResult): boolean {
  return segments.length > 0 && segments.every(({ volumeMl }) => volumeMl === 0);
}

/** A score with its range, the band it lies in, and what it means. */
function scoreView({ title, value, range, meaning, band }: Score): TemplateResult {
  const [low, high] = range;
  return html`
    <div class="score">
      <p>
        ${title}: <b>${value.toFixed(2)}</b> <span class="sub">(${low} – ${high})</span>
        ${band === undefined ? nothing : html`<b>${band.label}</b>`}
      </p>
      <p class="sub">${meaning}</p>
    </div>
  `;
}

/** Where the result is, how far a decision has got, and what was said with it. */
function reviewNotes({ held, review }: AnalysisResult, language: Language): TemplateResult {
  const state = review?.state;
  return html`
    ${held === true && review == null ? html`<p class="warn">${message(language, "heldForReview")}</p>` : nothing}
    ${state === "pending" ? html`<p class="sub" role="status">${message(language, "reviewPending")}</p>` : nothing}
    ${state === "failed" ? html`<p class="bad" role="alert">${message(language, "reviewNotApplied")}</p>` : nothing}
    ${review?.reason == null ? nothing : html`<p class="sub">${message(language, REASON_TEXT[review.reason])}</p>`}
    ${review?.comment == null ? nothing : html`<p class="comment">${review.comment}</p>`}
  `;
}

function row(name: string, value: string): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

/** A coloured square without an inline style, which a strict CSP forbids. */
function swatch([red, green, blue]: readonly [number, number, number]): TemplateResult {
  return html`<svg width="14" height="14" aria-hidden="true">
    ${svg`<rect width="14" height="14" rx="3" fill=${`rgb(${red},${green},${blue})`}></rect>`}
  </svg>`;
}
