import { html, nothing, type TemplateResult } from "lit";
import { message, type Language, type MessageKey } from "../../localization/messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import type { AnalysisProgress, AnalysisResult, StudyDetails } from "../../studies/study.js";
import { REASON_TEXT, reviewLabel } from "../review/review-label.js";
import type { OverlayControl, OverlayLook } from "./overlay-control.js";
import { resultFigures } from "./result-figures.js";
import { foundNothing, isOver, stateText } from "./result-state.js";

export interface ResultCardState {
  readonly language: Language;
  readonly study: StudyDetails;
  readonly tokenProvider: TokenProvider | undefined;
  readonly overlay: OverlayControl | undefined;
  /** Of running analyses, as events told it. */
  readonly progress: ReadonlyMap<number, AnalysisProgress>;
  /** What somebody was told whose decision came second; by analysis. */
  readonly conflicts: ReadonlyMap<number, string>;
  /** Whether a change of a job is under way. */
  readonly busy: boolean;
  readonly onLook: (look: Partial<OverlayLook>) => void;
  readonly onJump: (result: AnalysisResult, segment: number) => void;
  readonly onEdit: (result: AnalysisResult) => void;
  readonly onPicture: (result: AnalysisResult) => void;
  readonly onModel: (result: AnalysisResult) => void;
  readonly onReviewed: (event: CustomEvent<{ analysis: number; conflict?: string }>) => void;
  readonly onJob: (result: AnalysisResult, change: "cancel" | "retry") => void;
}

/** One model's result: what it found, how sure it is, who has reviewed it; or how far it is, or why there is none. */
export function resultCard(result: AnalysisResult, state: ResultCardState): TemplateResult {
  const { language, study } = state;
  const series = study.series.find(
    ({ seriesInstanceUid }) => seriesInstanceUid === result.sourceSeriesInstanceUid,
  );
  return html`
    <article class="card" part="result" data-analysis=${result.state} data-id=${result.id}>
      <h3>${result.model.title}</h3>
      ${result.state === "succeeded" ? succeeded(result, state) : unfinished(result, state)}
      <dl>
        ${
          series === undefined
            ? nothing
            : row(
                message(language, "series"),
                `${series.seriesNumber ?? ""} ${series.seriesDescription}`.trim(),
              )
        }
        ${result.state === "succeeded" ? provenance(result, language) : nothing}
        <dt>${message(language, "model")}</dt>
        <dd>
          <button
            class="model"
            type="button"
            aria-label="${result.model.name} ${result.model.version}: ${message(language, "modelCard")}"
            @click=${() => state.onModel(result)}
          >
            ${result.model.name} ${result.model.version}
          </button>
        </dd>
      </dl>
      <p class="sub">${message(language, "demonstration")}</p>
      ${result.state === "succeeded" ? decision(result, state) : nothing}
    </article>
  `;
}

function unfinished(result: AnalysisResult, state: ResultCardState): TemplateResult {
  const { language, study, progress } = state;
  const isOpen = result.state === "queued" || result.state === "running";
  const done = result.state === "running" ? (progress.get(result.id) ?? result.progress) : undefined;
  return html`
    <p class=${result.state === "failed" ? "bad" : "warn"} role="status">${stateText(result, language)}</p>
    ${
      done === undefined || done.slices === 0
        ? nothing
        : html`<progress
              max="1"
              .value=${Math.min(1, done.slicesDone / done.slices)}
              aria-label=${message(language, "jobSlices", { done: done.slicesDone, all: done.slices })}
            ></progress>
            <p class="sub">${message(language, "jobSlices", { done: done.slicesDone, all: done.slices })}</p>`
    }
    ${
      study.mayRunModel && (isOpen || isOver(result))
        ? html`<button
            class="job"
            type="button"
            aria-label="${message(language, isOpen ? "jobCancel" : "jobRetry")}: ${result.model.title}"
            ?disabled=${state.busy}
            @click=${() => state.onJob(result, isOpen ? "cancel" : "retry")}
          >
            ${message(language, isOpen ? "jobCancel" : "jobRetry")}
          </button>`
        : nothing
    }
  `;
}

function succeeded(result: AnalysisResult, state: ResultCardState): TemplateResult {
  const { language, tokenProvider } = state;
  const conflict = state.conflicts.get(result.id) ?? state.overlay?.problems.get(result.id);
  const overlay = state.overlay?.drawn === result.id ? state.overlay : undefined;
  const { summaryImage } = result;
  return html`
    <span class="badge ${result.review?.decision ?? ""}">${reviewLabel(language, result.review)}</span>
    ${reviewNotes(result, language)}
    ${conflict === undefined ? nothing : html`<p class="bad" role="alert">${conflict}</p>`}
    ${
      summaryImage === undefined
        ? nothing
        : html`<button
            class="picture"
            type="button"
            aria-label=${message(language, "summaryPicture")}
            @click=${() => state.onPicture(result)}
          >
            <neuronova-thumbnail
              .of="studies/${state.study.studyInstanceUid}/series/${summaryImage.seriesInstanceUid}/instances/${summaryImage.sopInstanceUid}"
              .images=${imagesOf(state.study, summaryImage.seriesInstanceUid)}
              .pixels=${512}
              .tokenProvider=${tokenProvider}
            ></neuronova-thumbnail>
          </button>`
    }
    ${foundNothing(result) ? html`<p>${message(language, "noFinding")}</p>` : nothing}
    ${resultFigures(result, {
      language,
      overlay,
      onToggle: (segment) => state.onLook({ hidden: toggled(overlay?.hidden ?? new Set(), segment) }),
      onJump: (segment) => state.onJump(result, segment),
    })}
    ${overlay === undefined ? nothing : lookControls(overlay, state)}
  `;
}

function lookControls(
  { opacity, outline }: OverlayControl,
  { language, onLook }: ResultCardState,
): TemplateResult {
  return html`
    <label>
      <span class="sub">${message(language, "opacity")}</span>
      <input
        type="range"
        min="0"
        max="100"
        .value=${String(Math.round(opacity * 100))}
        @input=${(event: Event) => onLook({ opacity: Number((event.target as HTMLInputElement).value) / 100 })}
      />
    </label>
    <label class="segment">
      <input
        type="checkbox"
        .checked=${outline}
        @change=${(event: Event) => onLook({ outline: (event.target as HTMLInputElement).checked })}
      />
      <span>${message(language, "outline")}</span>
    </label>
  `;
}

function provenance(result: AnalysisResult, language: Language): TemplateResult {
  const text = (key: MessageKey) => message(language, key);
  return html`
    ${typeof result.confidence === "number" ? row(text("confidence"), `${(result.confidence * 100).toFixed(0)} %`) : nothing}
    ${result.engine === undefined ? nothing : row(text("engine"), result.engine)}
    ${result.report === undefined ? nothing : row(text("report"), result.verification ?? "UNVERIFIED")}
  `;
}

/** Of who may review: accept or reject, or correct what is drawn over the images. */
function decision(result: AnalysisResult, state: ResultCardState): TemplateResult | typeof nothing {
  const { overlay, study } = state;
  if (!study.mayReview || result.review != null || overlay?.correcting === true) return nothing;
  return html`
    ${
      result.segmentation !== undefined && overlay?.drawn === result.id
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

function toggled(hidden: ReadonlySet<number>, segment: number): ReadonlySet<number> {
  const others = new Set(hidden);
  if (!others.delete(segment)) others.add(segment);
  return others;
}

/** A result is told of before its objects have arrived: they are looked for again then. */
function imagesOf({ series }: StudyDetails, uid: string): number {
  return series.find(({ seriesInstanceUid }) => seriesInstanceUid === uid)?.instanceCount ?? 0;
}

function row(name: string, value: string): TemplateResult {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}
