import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { EventStream } from "../../events/event-stream.js";
import { message, preferredLanguage, type Language, type MessageKey } from "../../localization/messages.js";
import { dicomDate, personName } from "../../localization/person-name.js";
import { fetchJson } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import type { Study } from "../../studies/study.js";
import { theme } from "../theme.js";
import { styles } from "./study-list.styles.js";
import { analysisText, fhirText, renditionText, type StateText } from "./study-state.js";

const PAGE = 50;
/** Events come in bursts (24 images arrive): one look at the list for each burst. */
const SETTLE_MILLISECONDS = 150;

/** A study was chosen, by pointer or key. */
export type StudyOpenEvent = CustomEvent<{ readonly studyInstanceUid: string }>;

declare global {
  interface HTMLElementEventMap {
    "neuronova-study-open": StudyOpenEvent;
  }
}

/**
 * The studies of the archive, newest first, live by events.
 *
 * @element neuronova-study-list
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-study-open - {studyInstanceUid}
 * @csspart table - the table
 * @cssproperty --neuronova-accent - colour of links and focus
 */
export class NeuronovaStudyList extends LitElement {
  static override styles = [theme, styles];
  static override properties = {
    language: { type: String },
    tokenProvider: { attribute: false },
    studies: { state: true },
    total: { state: true },
    offset: { state: true },
    query: { state: true },
    failure: { state: true },
  };

  /** `ko` or `en`; the browser's when not set. */
  declare language: Language;
  /** Gives access tokens. Nothing is loaded before it is set. */
  declare tokenProvider: TokenProvider | undefined;
  declare private studies: readonly Study[] | undefined;
  declare private total: number;
  declare private offset: number;
  declare private query: string;
  declare private failure: string | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private unsubscribe: (() => void) | undefined;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private loads = 0;

  constructor() {
    super();
    this.language = preferredLanguage();
    this.total = 0;
    this.offset = 0;
    this.query = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
    clearTimeout(this.settling);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.follow();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("tokenProvider")) this.follow();
  }

  private follow(): void {
    this.unsubscribe?.();
    if (this.tokenProvider === undefined) return;
    void this.load();
    this.unsubscribe = EventStream.shared(this.tokenProvider).subscribe(() =>
      this.loadSoon(SETTLE_MILLISECONDS),
    );
  }

  private loadSoon(milliseconds: number): void {
    this.settling ??= setTimeout(() => {
      this.settling = undefined;
      void this.load();
    }, milliseconds);
  }

  private async load(): Promise<void> {
    if (this.tokenProvider === undefined) return;
    const load = ++this.loads;
    const parameters = new URLSearchParams({
      query: this.query,
      limit: String(PAGE),
      offset: String(this.offset),
    });
    try {
      const answer = await fetchJson<{ total: number; studies: Study[] }>(
        `/api/studies?${parameters}`,
        this.tokenProvider,
      );
      // A slower, older answer must not replace a newer one.
      if (load !== this.loads) return;
      this.failure = undefined;
      this.total = answer.total;
      this.studies = answer.studies;
    } catch (error) {
      if (load === this.loads) this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  private text(key: MessageKey, values?: Record<string, string | number>): string {
    return message(this.language, key, values);
  }

  protected override render(): TemplateResult {
    return html`
      <div class="tools">
        <input
          type="search"
          aria-label=${this.text("search")}
          placeholder=${this.text("searchHint")}
          .value=${this.query}
          @input=${this.onSearch}
        />
        <span class="count" role="status">${this.studies === undefined ? "" : this.total}</span>
      </div>
      ${this.failure === undefined ? nothing : this.renderFailure(this.failure)} ${this.renderBody()}
    `;
  }

  private renderBody(): TemplateResult | typeof nothing {
    if (this.studies === undefined) {
      return this.failure === undefined
        ? html`<div class="frame">
            <p class="message" role="status">
              ${this.text(this.tokenProvider === undefined && this.tokenRequest.unanswered ? "noToken" : "loading")}
            </p>
          </div>`
        : nothing;
    }
    if (this.studies.length === 0) {
      return html`<div class="frame">
        <p class="message">${this.text(this.query === "" ? "noStudies" : "noMatches")}</p>
      </div>`;
    }
    const headings: MessageKey[] = [
      "patient",
      "sexBirth",
      "modality",
      "date",
      "description",
      "images",
      "fastImages",
      "ai",
      "fhir",
    ];
    return html`
      <div class="frame">
        <table part="table" lang=${this.language}>
          <thead>
            <tr>
              ${headings.map((key) => html`<th scope="col">${this.text(key)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${this.studies.map((study) => this.renderStudy(study))}
          </tbody>
        </table>
      </div>
      ${this.total > PAGE ? this.renderPages() : nothing}
    `;
  }

  private renderStudy(study: Study): TemplateResult {
    const { language } = this;
    const choose = () => this.choose(study.studyInstanceUid);
    return html`
      <tr data-study=${study.studyInstanceUid} @click=${choose}>
        <td>
          <button class="open" type="button">
            ${personName(study.patientName, language) || this.text("none")}
          </button>
          <div class="sub">${study.patientId}</div>
        </td>
        <td>
          ${study.patientSex || this.text("none")} ·
          ${dicomDate(study.patientBirthDate, language) || this.text("none")}
        </td>
        <td>${study.modalities.join(", ")}</td>
        <td>${dicomDate(study.studyDate, language) || this.text("none")}</td>
        <td class="wide">
          ${study.studyDescription || this.text("none")}
          <div class="sub">${study.accessionNumber}</div>
        </td>
        <td>${study.seriesCount} · ${study.instanceCount}</td>
        ${renderState(renditionText(study, language))} ${renderState(analysisText(study, language))}
        ${renderState(fhirText(study, language))}
      </tr>
    `;
  }

  private renderPages(): TemplateResult {
    const page = this.offset / PAGE + 1;
    const pages = Math.ceil(this.total / PAGE);
    const go = (offset: number) => () => {
      this.offset = offset;
      void this.load();
    };
    return html`
      <nav class="pages" aria-label=${this.text("page")}>
        <button type="button" ?disabled=${page <= 1} @click=${go(this.offset - PAGE)}>
          ${this.text("previous")}
        </button>
        <span>${page} / ${pages}</span>
        <button type="button" ?disabled=${page >= pages} @click=${go(this.offset + PAGE)}>
          ${this.text("next")}
        </button>
      </nav>
    `;
  }

  private renderFailure(failure: string): TemplateResult {
    return html`
      <div class="message bad" role="alert">
        <p>${this.text("loadFailed")}: ${failure}</p>
        <button type="button" @click=${() => void this.load()}>${this.text("retry")}</button>
      </div>
    `;
  }

  private onSearch(event: Event): void {
    this.query = (event.target as HTMLInputElement).value;
    this.offset = 0;
    this.loadSoon(SETTLE_MILLISECONDS);
  }

  private choose(studyInstanceUid: string): void {
    const options = { detail: { studyInstanceUid }, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent("neuronova-study-open", options));
  }
}

function renderState({ text, tone, detail }: StateText): TemplateResult {
  return html`<td>
    <span class=${tone}>${text}</span>
    ${detail === undefined ? nothing : html`<div class="sub">${detail}</div>`}
  </td>`;
}
