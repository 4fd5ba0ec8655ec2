import { LitElement, html, nothing, type TemplateResult } from "lit";
import { FollowedEvents } from "../../events/followed-events.js";
import { message, preferredLanguage, type Language, type MessageKey } from "../../localization/messages.js";
import { HttpProblem, fetchJson } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import type { Study } from "../../studies/study.js";
import { theme } from "../theme.js";
import "../thumbnail/thumbnail.js";
import { studyFilters } from "./study-filters.js";
import { styles } from "./study-list.styles.js";
import { FIRST_QUERY, isNarrowed, orderedBy, parametersOf, type StudyQuery } from "./study-query.js";
import { studyTable } from "./study-table.js";

const PAGE = 50;

/** A study was chosen, by pointer or key. */
export type StudyOpenEvent = CustomEvent<{ readonly studyInstanceUid: string }>;

declare global {
  interface HTMLElementEventMap {
    "neuronova-study-open": StudyOpenEvent;
  }
}

interface Page {
  readonly total: number;
  readonly studies: readonly Study[];
  /** What the next page is after. */
  readonly next: string | null;
}

/**
 * The studies of a patient or of the archive, newest first, live by events.
 *
 * @element neuronova-study-list
 * @attr theme - `light`, `dark`, or `auto` as the reader's system is set
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-study-open - {studyInstanceUid}
 * @csspart table - the table
 * @cssproperty --neuronova-accent - colour of links and focus
 */
export class NeuronovaStudyList extends LitElement {
  static override styles = [theme, styles];
  static override properties = {
    language: { type: String },
    patient: { type: String },
    ohif: { type: Boolean },
    tokenProvider: { attribute: false },
    page: { state: true },
    cursors: { state: true },
    query: { state: true },
    failure: { state: true },
  };

  /** `ko` or `en`; the browser's when not set. */
  declare language: Language;
  /** Patient ID, whole; all studies that may be seen when not set. */
  declare patient: string | undefined;
  /** With links to OHIF, for pages of the server's own origin. */
  declare ohif: boolean;
  /** Gives access tokens. Nothing is loaded before it is set. */
  declare tokenProvider: TokenProvider | undefined;
  declare private page: Page | undefined;
  /** What each page after the first is after, up to the one that is shown. */
  declare private cursors: readonly string[];
  declare private query: StudyQuery;
  declare private failure: string | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private readonly followed = new FollowedEvents<Page>(this, {
    subject: () => this.patient,
    forget: () => {
      // Nobody else's studies are shown meanwhile, nor what was asked for about them.
      this.page = undefined;
      this.cursors = [];
      this.failure = undefined;
    },
    concerns: () => true,
    load: (token) => {
      const parameters = parametersOf({ ...this.query, patient: this.patient }, PAGE, this.cursors.at(-1));
      return fetchJson<Page>(`/api/studies?${parameters}`, token);
    },
    loaded: (page) => {
      this.failure = undefined;
      this.page = page;
    },
    failed: (error) => {
      if (error instanceof HttpProblem && error.code === "page-gone" && this.cursors.length > 0) this.go([]);
      else this.failure = error instanceof Error ? error.message : String(error);
    },
  });

  constructor() {
    super();
    this.language = preferredLanguage();
    this.ohif = false;
    this.cursors = [];
    this.query = FIRST_QUERY;
  }

  private go(cursors: readonly string[]): void {
    this.cursors = cursors;
    void this.followed.load();
  }

  /** Another search begins with its first page. */
  private search(query: StudyQuery): void {
    this.query = query;
    this.cursors = [];
    this.followed.loadSoon();
  }

  private text(key: MessageKey, values?: Record<string, string | number>): string {
    return message(this.language, key, values);
  }

  protected override render(): TemplateResult {
    const { language, query } = this;
    return html`
      ${studyFilters({
        language,
        query,
        total: this.page?.total,
        onChange: (changes) => this.search({ ...query, ...changes }),
      })}
      ${this.failure === undefined ? nothing : this.renderFailure(this.failure)} ${this.renderBody()}
    `;
  }

  private renderBody(): TemplateResult | typeof nothing {
    const { page, language, query } = this;
    if (page === undefined) {
      if (this.failure !== undefined) return nothing;
      const noToken = this.tokenProvider === undefined && this.tokenRequest.unanswered;
      return html`<div class="frame">
        <p class="message" role="status">${this.text(noToken ? "noToken" : "loading")}</p>
      </div>`;
    }
    if (page.studies.length === 0)
      return html`<div class="frame">
        <p class="message">${this.text(isNarrowed(query) ? "noMatches" : "noStudies")}</p>
      </div>`;
    return html`
      ${studyTable({
        language,
        query,
        studies: page.studies,
        ohif: this.ohif,
        tokenProvider: this.tokenProvider,
        onOrder: (order) => this.search(orderedBy(query, order)),
        onOpen: (studyInstanceUid) => this.open(studyInstanceUid),
      })}
      ${page.total > PAGE ? this.renderPages(page) : nothing}
    `;
  }

  private renderPages({ total, next }: Page): TemplateResult {
    const { cursors } = this;
    return html`
      <nav class="pages" aria-label=${this.text("page")}>
        <button type="button" ?disabled=${cursors.length === 0} @click=${() => this.go(cursors.slice(0, -1))}>
          ${this.text("previous")}
        </button>
        <span>${cursors.length + 1} / ${Math.max(cursors.length + 1, Math.ceil(total / PAGE))}</span>
        <button
          type="button"
          ?disabled=${next === null}
          @click=${() => {
            if (next !== null) this.go([...cursors, next]);
          }}
        >
          ${this.text("next")}
        </button>
      </nav>
    `;
  }

  private renderFailure(failure: string): TemplateResult {
    return html`
      <div class="message bad" role="alert">
        <p>${this.text("loadFailed")}: ${failure}</p>
        <button type="button" @click=${() => void this.followed.load()}>${this.text("retry")}</button>
      </div>
    `;
  }

  private open(studyInstanceUid: string): void {
    const options = { detail: { studyInstanceUid }, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent("neuronova-study-open", options));
  }
}
