import {
  LitElement,
  html,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { adminMessage, type AdminMessageKey } from "../../localization/admin-messages.js";
import { preferredLanguage, type Language } from "../../localization/messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { inherited } from "../theme.js";
import { styles } from "./admin.styles.js";
import { isNotConfigured, problemWords, type ProblemWords } from "./problem-words.js";

/** What all sections of the administrators' page do: fetch, show, change one thing at a time, and say what went wrong. */
export abstract class AdminSection<Content> extends LitElement {
  static override styles = [inherited, styles];
  static override properties: PropertyDeclarations = {
    language: { type: String },
    tokenProvider: { attribute: false },
    content: { state: true },
    failure: { state: true },
    problem: { state: true },
    notice: { state: true },
    busy: { state: true },
    confirming: { state: true },
  };

  declare language: Language;
  declare tokenProvider: TokenProvider | undefined;
  declare protected content: Content | undefined;
  /** Why there is nothing, or nothing newer. */
  declare private failure: { readonly error: unknown } | undefined;
  /** Why a change was not made. */
  declare private problem: { readonly error: unknown } | undefined;
  /** What was done. */
  declare private notice: string | undefined;
  declare protected busy: boolean;
  /** The change that waits for a second press. */
  declare private confirming: string | undefined;
  /** How many pages of a list are shown. */
  protected pages = 1;
  private loads = 0;
  private polling: ReturnType<typeof setInterval> | undefined;
  /** How often the section looks again by itself; undefined for only when something was done. */
  protected readonly pollMilliseconds: number | undefined = undefined;

  constructor() {
    super();
    this.language = preferredLanguage();
    this.busy = false;
  }

  /** What the section is called. */
  protected abstract readonly heading: AdminMessageKey;
  /** Of problems that have other words here than elsewhere. */
  protected readonly problemWords: ProblemWords = {};
  protected abstract fetchContent(token: TokenProvider): Promise<Content>;
  protected abstract renderContent(content: Content): TemplateResult;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.pollMilliseconds === undefined) return;
    this.polling = setInterval(() => {
      if (document.visibilityState === "visible") void this.load();
    }, this.pollMilliseconds);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.polling);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("tokenProvider")) return;
    this.content = undefined;
    this.loads += 1;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("tokenProvider")) void this.load();
  }

  protected async load(): Promise<void> {
    const { tokenProvider } = this;
    if (tokenProvider === undefined) return;
    const load = ++this.loads;
    try {
      const content = await this.fetchContent(tokenProvider);
      // A slower, older answer must not replace a newer one.
      if (load !== this.loads) return;
      this.content = content;
      this.failure = undefined;
    } catch (error) {
      if (load === this.loads) this.failure = { error };
    }
  }

  /** Makes a change and looks again; a text that comes of it is shown. @returns whether it was made */
  protected async act(work: (token: TokenProvider) => Promise<unknown>): Promise<boolean> {
    const { tokenProvider } = this;
    if (tokenProvider === undefined || this.busy) return false;
    this.busy = true;
    this.problem = undefined;
    this.notice = undefined;
    this.confirming = undefined;
    try {
      const done = await work(tokenProvider);
      if (typeof done === "string") this.notice = done;
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    } finally {
      this.busy = false;
      await this.load();
    }
  }

  /** Says why something was not done. */
  protected fail(error: unknown): void {
    this.problem = { error };
  }

  protected text(key: AdminMessageKey, values?: Record<string, string | number>): string {
    return adminMessage(this.language, key, values);
  }

  private reasonOf(error: unknown): string {
    return problemWords(error, this.language, this.problemWords);
  }

  protected override render(): TemplateResult {
    return html`
      <section aria-label=${this.text(this.heading)} lang=${this.language}>
        <h2>${this.text(this.heading)}</h2>
        ${this.failure === undefined ? nothing : this.renderLoadProblem(this.failure.error)}
        ${
          this.problem === undefined
            ? nothing
            : html`<p role="alert" class="bad">
                ${this.text("notDone")}: ${this.reasonOf(this.problem.error)}
              </p>`
        }
        <p role="status" class="good">${this.notice ?? nothing}</p>
        ${
          this.content !== undefined
            ? this.renderContent(this.content)
            : this.failure === undefined
              ? html`<p>${this.text("loading")}</p>`
              : nothing
        }
      </section>
    `;
  }

  private renderLoadProblem(error: unknown): TemplateResult {
    const reason = this.reasonOf(error);
    if (this.content === undefined && isNotConfigured(error))
      return html`<p role="alert" class="warn">${reason}</p>`;
    return html`<div role="alert" class="bad">
      <p>${this.text(this.content === undefined ? "loadFailed" : "stale")}: ${reason}</p>
      <button type="button" @click=${() => void this.load()}>${this.text("retry")}</button>
    </div>`;
  }

  /** A button for the next page of a list. */
  protected renderMore(): TemplateResult {
    const onMore = () => {
      this.pages += 1;
      void this.load();
    };
    return html`<p><button type="button" @click=${onMore}>${this.text("more")}</button></p>`;
  }

  /** A button for what cannot be taken back: it is pressed twice. @param choice what is asked beside that */
  protected renderConfirmed(
    key: string,
    label: string,
    ariaLabel: string,
    onConfirmed: (event: Event) => void,
    choice: TemplateResult | typeof nothing = nothing,
  ): TemplateResult {
    if (this.confirming !== key)
      return html`<button
        type="button"
        class="danger"
        aria-label=${ariaLabel}
        ?disabled=${this.busy}
        @click=${() => (this.confirming = key)}
      >
        ${label}
      </button>`;
    return html`<span class="confirm" role="group" aria-label=${ariaLabel}>
      <span>${this.text("really", { action: label })}</span>
      ${choice}
      <button type="button" class="danger" @click=${onConfirmed}>${label}</button>
      <button type="button" @click=${() => (this.confirming = undefined)}>${this.text("cancel")}</button>
    </span>`;
  }
}
