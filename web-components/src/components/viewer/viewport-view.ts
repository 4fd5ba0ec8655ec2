import { html, nothing, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { message, type Language, type MessageKey } from "../../localization/messages.js";
import type { StudyDetails } from "../../studies/study.js";
import { reviewLabel } from "../review/review-label.js";
import { annotationLayer, type DrawnAnnotation } from "./annotation-layer.js";
import { drawingCursor } from "./drawing-cursor.js";
import { drawingStatus } from "./drawing-status.js";
import { imageOverlay } from "./image-overlay.js";
import { imageSlider } from "./image-slider.js";
import type { StageInput } from "./stage-input.js";
import { titleOf } from "./segmentation-panel.js";
import { hasImages } from "./study-source.js";
import type { Viewport } from "./viewport.js";

/** MIME type of a series that is dragged into a viewport. */
export const DRAGGED_SERIES = "application/x-neuronova-series";

export interface ViewportViewState {
  readonly language: Language;
  readonly viewport: Viewport;
  readonly input: StageInput;
  /** From 1; with how many others there are. */
  readonly place: number;
  readonly places: number;
  readonly active: boolean;
  /** Nobody on the page gives access. */
  readonly noToken: boolean;
  /** Undefined while the study is loading. */
  readonly details: StudyDetails | undefined;
  readonly drawn: readonly DrawnAnnotation[];
  /** Over the image while its segmentation is being corrected. */
  readonly brush: TemplateResult | typeof nothing;
  /** That the image on screen is a key image, and what for; empty when it is none. */
  readonly keyImage: string;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onActivate: () => void;
  readonly onDrop: (seriesInstanceUid: string) => void;
  readonly onShow: (index: number) => void;
}

/** A viewport: the image with what is said of it, or why there is none, and its slider. */
export function viewportView(state: ViewportViewState): TemplateResult {
  const { language, viewport, input, active, keyImage } = state;
  const { stage, failure, visible } = viewport;
  const place = state.places === 1 ? "" : ` ${state.place} / ${state.places}`;
  return html`
    <div class="cell">
      <div
        part="stage"
        class="stage ${failure === undefined ? "" : "failed"} ${visible === undefined ? "empty" : ""} ${active && state.places > 1 ? "active" : ""}"
        tabindex="0"
        role="img"
        aria-label="${message(language, "image")}${place}${keyImage === "" ? "" : ` · ${keyImage}`}"
        @focus=${state.onActivate}
        @wheel=${input.wheel}
        @pointerdown=${input.pointerDown}
        @pointermove=${input.pointerMove}
        @pointerup=${input.pointerUp}
        @pointercancel=${input.pointerUp}
        @keydown=${state.onKey}
        @contextmenu=${(event: Event) => event.preventDefault()}
        @dragover=${(event: DragEvent) => {
          if (event.dataTransfer?.types.includes(DRAGGED_SERIES) === true) event.preventDefault();
        }}
        @drop=${(event: DragEvent) => {
          const series = event.dataTransfer?.getData(DRAGGED_SERIES) ?? "";
          if (series === "") return;
          event.preventDefault();
          state.onDrop(series);
        }}
      >
        <div class="canvas" ${ref(viewport.onElement)}></div>
        <canvas class="overlay" ${ref(viewport.onOverlay)}></canvas>
        ${stage?.map === undefined || visible === undefined ? nothing : annotationLayer(state.drawn, stage.map, language)}
        ${stage?.map === undefined ? nothing : drawingCursor(input.keyboard.current, stage.map)}
        ${
          visible !== undefined && stage !== undefined
            ? imageOverlay(visible, viewport.images?.length ?? 0, stage, language)
            : nothing
        }
        ${keyImage === "" ? nothing : html`<div class="key-mark">★ ${keyImage}</div>`} ${state.brush}
        ${viewport.isOverlaid ? html`<div class="ai-label">${aiLabel(viewport, language)}</div>` : nothing}
        ${visible?.complete === false ? html`<div class="reduced" role="status">${message(language, "reduced")}</div>` : nothing}
        ${failure === undefined ? nothing : html`<div class="middle bad" role="alert">${message(language, "imageFailed")}: ${failure}</div>`}
        ${visible !== undefined || failure !== undefined ? nothing : html`<div class="middle" role="status">${message(language, emptiness(state))}</div>`}
      </div>
      <p class="unseen" role="status" data-drawing>
        ${drawingStatus(input.keyboard.current, state.drawn, language)}
      </p>
      ${imageSlider(language, viewport.images?.length ?? 0, viewport.shown?.index ?? 0, state.onShow)}
    </div>
  `;
}

/** What the segments over an image are, as their label and exported pictures say. */
export function aiLabel({ result, choice, isCorrected }: Viewport, language: Language): string {
  if (result === undefined && choice?.foreign !== undefined)
    return `${message(language, "segForeign")}: ${titleOf(choice, language)}`;
  const standing = isCorrected ? message(language, "maskEditing") : reviewLabel(language, result?.review);
  return `${standing} · ${message(language, "demonstration")}`;
}

/** Why there is no image. */
function emptiness({ details, viewport, noToken }: ViewportViewState): MessageKey {
  if (noToken) return "noToken";
  if (details === undefined) return "loading";
  if (!details.series.some(hasImages) || viewport.images?.length === 0) return "noImages";
  return viewport.series === undefined ? "chooseSeries" : "loading";
}
