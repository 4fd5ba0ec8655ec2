import { LitElement, html, nothing, type TemplateResult } from "lit";
import { FollowedEvents } from "../../events/followed-events.js";
import { message, preferredLanguage, type Language, type MessageKey } from "../../localization/messages.js";
import { HttpProblem } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import type { InstanceReference } from "../../structured-report/content-item.js";
import { readReport, type Report } from "../../structured-report/report.js";
import { loadStudy } from "../../studies/load-study.js";
import { SeriesMetadataReader } from "../../studies/series-metadata.js";
import type { Series, StudyDetails } from "../../studies/study.js";
import { awaited, explainedOfStudy, failureNotice } from "../load-state.js";
import { reviewLabel } from "../review/review-label.js";
import { panel } from "../panel.styles.js";
import { theme } from "../theme.js";
import { styles } from "./measurements.styles.js";
import { reportView } from "./report-view.js";

/** Events after which there may be other reports, or another opinion of one; not each image that arrives. */
const MAY_CHANGE = /^(series\.stable|instance\.(not-renderable|deleted)|analysis\.succeeded|result\.)/;

interface ReportSeries {
  readonly series: Series;
  readonly reports: readonly Report[];
  readonly failure: unknown;
}

interface Found {
  readonly study: StudyDetails;
  readonly reports: readonly ReportSeries[];
}

/**
 * What the Structured Reports of a study measured: this hub's and those of others, after TID 1500 or any template.
 *
 * @element neuronova-measurements
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-image-open - {studyInstanceUid, seriesInstanceUid, sopInstanceUid, frameNumber, segmentNumber}: somebody wants to see what was measured
 * @csspart report - a report
 * @csspart group - measurements that belong together
 * @cssproperty --neuronova-accent - colour of focus
 */
export class NeuronovaMeasurements extends LitElement {
  static override styles = [theme, panel, styles];
  static override properties = {
    study: { type: String },
    language: { type: String },
    tokenProvider: { attribute: false },
    found: { state: true },
    failure: { state: true },
  };

  /** Study Instance UID. */
  declare study: string | undefined;
  declare language: Language;
  /** Gives access tokens. Nothing is loaded before it is set. */
  declare tokenProvider: TokenProvider | undefined;
  declare private found: Found | undefined;
  /** Why there is nothing, or nothing newer. */
  declare private failure: string | undefined;
  private reader = new SeriesMetadataReader();
  private readonly tokenRequest = new TokenRequest(this);
  private readonly followed = new FollowedEvents<Found>(this, {
    subject: () => this.study ?? null,
    forget: () => {
      this.found = undefined;
      this.failure = undefined;
      this.reader = new SeriesMetadataReader();
    },
    concerns: ({ event, studyInstanceUid }) => studyInstanceUid === this.study && MAY_CHANGE.test(event),
    load: async (token) => {
      const study = await loadStudy(this.study ?? "", token);
      const found = await this.reader.load(study, ({ modality }) => modality === "SR", token);
      return {
        study,
        reports: found.map(({ instances, ...rest }) => ({ ...rest, reports: instances.map(readReport) })),
      };
    },
    loaded: (found) => {
      this.found = found;
      this.failure = undefined;
    },
    failed: (error) => {
      if (error instanceof HttpProblem) this.found = undefined;
      this.failure = this.explain(error);
    },
  });

  constructor() {
    super();
    this.language = preferredLanguage();
  }

  private text(key: MessageKey): string {
    return message(this.language, key);
  }

  private explain(error: unknown): string {
    return explainedOfStudy(error, this.language);
  }

  protected override render(): TemplateResult {
    return html`
      <section aria-label=${this.text("reportMeasurements")} lang=${this.language}>
        <h2>${this.text("reportMeasurements")}</h2>
        ${failureNotice(this.text("reportsFailed"), this.failure, this.language, () => void this.followed.load())}
        ${this.found === undefined ? this.renderEmpty() : this.renderReports(this.found)}
      </section>
    `;
  }

  private renderEmpty(): TemplateResult | typeof nothing {
    if (this.failure !== undefined) return nothing;
    return awaited(this.tokenProvider !== undefined || !this.tokenRequest.unanswered, this.language);
  }

  private renderReports({ study, reports }: Found): TemplateResult {
    if (reports.length === 0) return html`<p class="sub">${this.text("reportsNone")}</p>`;
    return html`${reports.map(
      ({ series, reports: read, failure }) => html`
        ${
          failure === undefined
            ? nothing
            : html`<p role="alert" class="bad card">
                ${series.seriesDescription || "SR"}: ${this.text("reportsFailed")}: ${this.explain(failure)}
              </p>`
        }
        ${read.map((report) =>
          reportView(report, {
            language: this.language,
            series,
            review: this.reviewOf(report, study),
            onOpen: (reference) => this.open(reference, report, study),
          }),
        )}
      `,
    )}`;
  }

  /** Of a report of this hub: whether anybody has looked at what it says. */
  private reviewOf({ sopInstanceUid }: Report, { results }: StudyDetails): string | undefined {
    const result = results.find(({ report }) => report?.sopInstanceUid === sopInstanceUid);
    return result && `${reviewLabel(this.language, result.review)} · ${this.text("demonstration")}`;
  }

  private open(
    { sopInstanceUid, frameNumbers, segmentNumbers }: InstanceReference,
    { seriesOf }: Report,
    { studyInstanceUid }: StudyDetails,
  ): void {
    const detail = {
      studyInstanceUid,
      seriesInstanceUid: seriesOf.get(sopInstanceUid),
      sopInstanceUid,
      frameNumber: frameNumbers[0],
      segmentNumber: segmentNumbers[0],
    };
    this.dispatchEvent(new CustomEvent("neuronova-image-open", { detail, bubbles: true, composed: true }));
  }
}
