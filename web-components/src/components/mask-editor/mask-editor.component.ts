import { LitElement, html, nothing, type TemplateResult } from "lit";
import { message, preferredLanguage, type Language, type MessageKey } from "../../localization/messages.js";
import type { EditedSegmentation } from "../../segmentation/edited-segmentation.js";
import type { Brush } from "../../segmentation/label-map.js";
import { writeCorrection } from "../../segmentation/write-correction.js";
import { HttpProblem } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";
import {
  REVIEW_REASONS,
  sendCorrection,
  type EarlierDecision,
  type ReviewReason,
} from "../../studies/review.js";
import { REASON_TEXT, decisionText } from "../review/review-label.js";
import { styles as reviewStyles } from "../review/review.styles.js";
import { theme } from "../theme.js";
import { styles } from "./mask-editor.styles.js";

/** What is corrected: a result, its file, and what a person has made of it so far. */
export interface MaskEdit {
  readonly analysis: number;
  /** The SR that was on screen when they began. */
  readonly reportSopInstanceUid: string;
  readonly original: Uint8Array;
  readonly edited: EditedSegmentation;
}

export const FIRST_BRUSH: Brush = { mode: "paint", segment: 1, size: 5 };
const LARGEST = 60;
type Reason = Exclude<ReviewReason, "other">;
const REASONS = REVIEW_REASONS.filter((reason): reason is Reason => reason !== "other");

/**
 * The tools with which a reviewer corrects a segmentation, and saves what they made of it as their decision.
 *
 * @element neuronova-mask-editor
 * @fires neuronova-mask-brush - {brush}: another brush was chosen
 * @fires neuronova-mask-undone - {imageId}: a stroke on this image was taken back
 * @fires neuronova-mask-closed - {saved, conflict}: the correction was saved, discarded, or came second
 */
export class NeuronovaMaskEditor extends LitElement {
  static override styles = [theme, reviewStyles, styles];
  static override properties = {
    edit: { attribute: false },
    brush: { attribute: false },
    language: { type: String },
    tokenProvider: { attribute: false },
    strokes: { type: Number },
    reason: { state: true },
    comment: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  declare edit: MaskEdit | undefined;
  declare brush: Brush;
  declare language: Language;
  declare tokenProvider: TokenProvider | undefined;
  /** Rises with each change, so that what can be undone is known. */
  declare strokes: number;
  declare private reason: Reason;
  declare private comment: string;
  declare private sending: boolean;
  declare private problem: string | undefined;

  constructor() {
    super();
    this.language = preferredLanguage();
    this.brush = FIRST_BRUSH;
    this.strokes = 0;
    this.reason = "wrong-boundary";
    this.comment = "";
    this.sending = false;
  }

  /** Says that there is something to save or discard first, and takes the reader there. */
  insist(): void {
    this.problem = message(this.language, "maskFirst");
    this.renderRoot.querySelector<HTMLElement>("button.save")?.focus();
  }

  protected override render(): TemplateResult {
    const text = (key: MessageKey, values?: Record<string, number>) => message(this.language, key, values);
    const { edit, brush } = this;
    if (edit === undefined) return html``;
    return html`
      <form @submit=${(event: Event) => event.preventDefault()}>
        <fieldset ?disabled=${this.sending}>
          <legend>${text("maskEdit")}</legend>
          <p class="help">${text("maskHelp")}</p>
          <div class="buttons" role="group" aria-label=${text("maskEdit")}>
            ${(["paint", "erase"] as const).map(
              (mode) => html`
                <button
                  type="button"
                  aria-pressed=${brush.mode === mode}
                  @click=${() => this.choose({ ...brush, mode })}
                >
                  ${text(mode === "paint" ? "maskPaint" : "maskErase")}
                </button>
              `,
            )}
            <button type="button" class="undo" ?disabled=${!edit.edited.canUndo} @click=${this.undo}>
              ${text("maskUndo")}
            </button>
          </div>
          <label>
            ${text("maskSegment")}
            <select
              name="segment"
              @change=${(event: Event) =>
                this.choose({ ...brush, segment: Number((event.target as HTMLSelectElement).value) })}
            >
              ${edit.edited.segments.map(
                ({ number, label }) =>
                  html`<option value=${number} ?selected=${number === brush.segment}>${label}</option>`,
              )}
            </select>
          </label>
          <label>
            ${text("maskSize", { size: brush.size })}
            <input
              type="range"
              name="size"
              min="1"
              max=${LARGEST}
              .value=${String(brush.size)}
              @input=${(event: Event) =>
                this.choose({ ...brush, size: Number((event.target as HTMLInputElement).value) })}
            />
          </label>
          <label>
            ${text("reviewReasonOfCorrection")}
            <select
              name="reason"
              @change=${(event: Event) => (this.reason = (event.target as HTMLSelectElement).value as Reason)}
            >
              ${REASONS.map(
                (reason) =>
                  html`<option value=${reason} ?selected=${reason === this.reason}>
                    ${text(REASON_TEXT[reason])}
                  </option>`,
              )}
            </select>
          </label>
          <label>
            ${text("reviewComment")}
            <textarea
              name="comment"
              rows="2"
              maxlength="2000"
              .value=${this.comment}
              @input=${(event: Event) => (this.comment = (event.target as HTMLTextAreaElement).value)}
            ></textarea>
          </label>
          <div class="buttons">
            <button type="button" class="accept save" @click=${() => void this.save()}>
              ${text("maskSave")}
            </button>
            <button type="button" @click=${() => this.close(false)}>${text("maskDiscard")}</button>
          </div>
        </fieldset>
      </form>
      ${this.problem === undefined ? nothing : html`<p role="alert">${this.problem}</p>`}
    `;
  }

  private choose(brush: Brush): void {
    this.brush = brush;
    this.problem = undefined;
    this.tell("neuronova-mask-brush", { brush });
  }

  private readonly undo = (): void => {
    const image = this.edit?.edited.undo();
    if (image !== undefined) this.tell("neuronova-mask-undone", { imageId: image.imageId });
    this.requestUpdate();
  };

  private async save(): Promise<void> {
    const { edit, tokenProvider } = this;
    if (edit === undefined || tokenProvider === undefined || this.sending) return;
    const { edited, original, analysis, reportSopInstanceUid } = edit;
    const useless = edited.isEmpty ? "maskEmpty" : edited.canUndo ? undefined : "maskUnchanged";
    this.problem = useless && message(this.language, useless);
    if (useless !== undefined) return;
    this.sending = true;
    const comment = this.comment.trim();
    try {
      const file = writeCorrection(original, edited);
      const said = comment === "" ? {} : { comment };
      await sendCorrection(
        analysis,
        { file, reportSopInstanceUid, reason: this.reason, ...said },
        tokenProvider,
      );
      this.close(true);
    } catch (error) {
      this.problem = this.explain(error);
      if (error instanceof HttpProblem && error.code === "already-reviewed") this.close(false, this.problem);
    } finally {
      this.sending = false;
    }
  }

  private explain(error: unknown): string {
    // fetch says so of a server that does not answer.
    if (error instanceof TypeError) return message(this.language, "unreachable");
    if (!(error instanceof HttpProblem))
      return `${message(this.language, "maskNot")}: ${error instanceof Error ? error.message : "it cannot be read"}`;
    const earlier = error.members["review"] as EarlierDecision | undefined;
    if (error.code === "already-reviewed" && earlier !== undefined)
      return `${message(this.language, "reviewConflict")} ${decisionText(this.language, earlier)}`;
    if (error.code === "result-superseded") return message(this.language, "reviewSuperseded");
    return `${message(this.language, "reviewFailed")}: ${error.message}`;
  }

  private close(saved: boolean, conflict?: string): void {
    this.tell("neuronova-mask-closed", { analysis: this.edit?.analysis, saved, conflict });
  }

  private tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
