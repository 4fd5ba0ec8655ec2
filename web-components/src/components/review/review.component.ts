import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { message, preferredLanguage, type Language, type MessageKey } from "../../localization/messages.js";
import { HttpProblem } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";
import {
  REVIEW_REASONS,
  sendDecision,
  type Decision,
  type EarlierDecision,
  type ReviewReason,
} from "../../studies/review.js";
import type { AnalysisResult } from "../../studies/study.js";
import { theme } from "../theme.js";
import { REASON_TEXT, decisionText } from "./review-label.js";
import { styles } from "./review.styles.js";

/**
 * Asks somebody who may review for a decision about one AI result, and says so when somebody else was first.
 *
 * @element neuronova-review
 * @fires neuronova-reviewed - {analysis, conflict}: a decision was made, here or, as `conflict` tells, elsewhere
 */
export class NeuronovaReview extends LitElement {
  static override styles = [theme, styles];
  static override properties = {
    result: { attribute: false },
    language: { type: String },
    tokenProvider: { attribute: false },
    reason: { state: true },
    comment: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  /** A result that nobody has decided about. */
  declare result: AnalysisResult | undefined;
  declare language: Language;
  declare tokenProvider: TokenProvider | undefined;
  declare private reason: ReviewReason | "";
  declare private comment: string;
  declare private sending: boolean;
  declare private problem: string | undefined;

  constructor() {
    super();
    this.language = preferredLanguage();
    this.reason = "";
    this.comment = "";
    this.sending = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("result");
    // What was typed was about another result.
    if (before !== undefined && before.reportSopInstanceUid !== this.result?.reportSopInstanceUid) {
      this.reason = "";
      this.comment = "";
      this.problem = undefined;
    }
  }

  protected override render(): TemplateResult {
    const text = (key: MessageKey) => message(this.language, key);
    return html`
      <form @submit=${(event: Event) => event.preventDefault()}>
        <fieldset ?disabled=${this.sending}>
          <legend>${text("review")}</legend>
          <label>
            ${text("reviewReason")}
            <select
              name="reason"
              .value=${this.reason}
              @change=${(event: Event) => (this.reason = (event.target as HTMLSelectElement).value as ReviewReason | "")}
            >
              <option value="">${text("reviewReasonNone")}</option>
              ${REVIEW_REASONS.map((reason) => html`<option value=${reason}>${text(REASON_TEXT[reason])}</option>`)}
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
            <button type="button" class="accept" @click=${() => void this.decide("accepted")}>
              ${text("accept")}
            </button>
            <button type="button" class="reject" @click=${() => void this.decide("rejected")}>
              ${text("reject")}
            </button>
          </div>
        </fieldset>
      </form>
      ${this.problem === undefined ? nothing : html`<p role="alert">${this.problem}</p>`}
    `;
  }

  private async decide(decision: Decision["decision"]): Promise<void> {
    const { result, tokenProvider } = this;
    if (result?.reportSopInstanceUid === undefined || tokenProvider === undefined || this.sending) return;
    const comment = this.comment.trim();
    const missing = this.whatIsMissing(decision, comment);
    if (missing !== undefined) return;
    this.sending = true;
    this.problem = undefined;
    try {
      const { reportSopInstanceUid } = result;
      await sendDecision(
        result.id,
        {
          decision,
          reportSopInstanceUid,
          ...(decision === "rejected" && this.reason !== "" ? { reason: this.reason } : {}),
          ...(comment === "" ? {} : { comment }),
        },
        tokenProvider,
      );
      this.tell();
    } catch (error) {
      this.problem = this.explain(error);
      // This form goes with the news: whoever has it in the page keeps the sentence.
      if (error instanceof HttpProblem && error.status === 409) this.tell(this.problem);
    } finally {
      this.sending = false;
    }
  }

  /** Says it and takes the reader there. */
  private whatIsMissing(decision: Decision["decision"], comment: string): MessageKey | undefined {
    if (decision !== "rejected") return undefined;
    const missing = this.reason === "" ? "reasonMissing" : "commentMissing";
    if (this.reason !== "" && (this.reason !== "other" || comment !== "")) return undefined;
    this.problem = message(this.language, missing);
    const field = missing === "reasonMissing" ? "select" : "textarea";
    this.renderRoot.querySelector<HTMLElement>(field)?.focus();
    return missing;
  }

  private explain(error: unknown): string {
    if (!(error instanceof HttpProblem)) return message(this.language, "unreachable");
    const earlier = error.members["review"] as EarlierDecision | undefined;
    if (error.code === "already-reviewed" && earlier !== undefined)
      return `${message(this.language, "reviewConflict")} ${decisionText(this.language, earlier)}`;
    if (error.code === "result-superseded") return message(this.language, "reviewSuperseded");
    return `${message(this.language, "reviewFailed")}: ${error.message}`;
  }

  private tell(conflict?: string): void {
    const detail = { analysis: this.result?.id, conflict };
    this.dispatchEvent(new CustomEvent("neuronova-reviewed", { detail, bubbles: true, composed: true }));
  }
}
