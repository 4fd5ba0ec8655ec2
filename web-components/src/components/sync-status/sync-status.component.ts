import { LitElement, html, nothing, type TemplateResult } from "lit";
import { FollowedEvents } from "../../events/followed-events.js";
import { preferredLanguage, type Language } from "../../localization/messages.js";
import { syncMessage, type SyncText } from "../../localization/sync-messages.js";
import { HttpProblem } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import { loadFhirResources, loadStudy } from "../../studies/load-study.js";
import { loadDestinations, replayAll, replayStudy, type Destination } from "../../studies/outbox.js";
import type { StudyDetails } from "../../studies/study.js";
import { awaited, explainedOfStudy, failureNotice } from "../load-state.js";
import { panel } from "../panel.styles.js";
import { theme } from "../theme.js";
import { styles } from "./sync-status.styles.js";
import { destinationView, studySynchronisation } from "./sync-view.js";

/** Events that come by the hundred and change nothing at other systems. */
const SAYS_NOTHING: readonly string[] = ["analysis.progress", "instance.rendered"];

interface Found {
  readonly study: StudyDetails | undefined;
  /** Only for who may have failed changes delivered again. */
  readonly destinations: readonly Destination[] | undefined;
}

/**
 * Whether FHIR and the EMR have a study, its patient and its results: what waits, since when, and what failed why. For
 * administrators also how these systems are found, and without `study` that alone, for everything.
 *
 * @element neuronova-sync-status
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-replayed - {count}: so many failed changes were sent on their way again here
 * @csspart subject - the patient, the study or a result
 * @csspart destination - a system that changes are delivered to
 * @cssproperty --neuronova-good - colour of what is there
 * @cssproperty --neuronova-warn - colour of what waits
 * @cssproperty --neuronova-bad - colour of what failed
 */
export class NeuronovaSyncStatus extends LitElement {
  static override styles = [theme, panel, styles];
  static override properties = {
    study: { type: String },
    language: { type: String },
    tokenProvider: { attribute: false },
    found: { state: true },
    failure: { state: true },
    notice: { state: true },
    problem: { state: true },
    busy: { state: true },
    resources: { state: true },
  };

  /** Study Instance UID; everything, for administrators, without it. */
  declare study: string | undefined;
  declare language: Language;
  /** Gives access tokens. Nothing is loaded before it is set. */
  declare tokenProvider: TokenProvider | undefined;
  declare private found: Found | undefined;
  declare private failure: string | undefined;
  /** What came of a replay. */
  declare private notice: string | undefined;
  declare private problem: string | undefined;
  declare private busy: boolean;
  declare private resources: readonly Readonly<Record<string, unknown>>[] | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private readonly followed = new FollowedEvents<Found>(this, {
    subject: () => this.study,
    forget: () => {
      this.found = undefined;
      this.failure = undefined;
      this.notice = undefined;
      this.problem = undefined;
      this.resources = undefined;
    },
    concerns: ({ event, studyInstanceUid }) =>
      this.study === undefined
        ? event.startsWith("study.synchron")
        : studyInstanceUid === this.study && !SAYS_NOTHING.includes(event),
    load: (token) => this.load(token),
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
    this.busy = false;
  }

  private async load(token: TokenProvider): Promise<Found> {
    if (this.study === undefined) return { study: undefined, destinations: await loadDestinations(token) };
    const study = await loadStudy(this.study, token);
    // Nobody is asked for what they may not have: each refusal would be a row in the audit trail.
    return { study, destinations: study.mayReplay ? await loadDestinations(token) : undefined };
  }

  private text(key: SyncText, values?: Record<string, string | number>): string {
    return syncMessage(this.language, key, values);
  }

  private explain(error: unknown): string {
    const isForAdministrators = error instanceof HttpProblem && error.status === 403;
    return isForAdministrators ? this.text("syncDenied") : explainedOfStudy(error, this.language);
  }

  protected override render(): TemplateResult {
    return html`
      <section aria-label=${this.text("syncTitle")} lang=${this.language}>
        <h2>${this.text("syncTitle")}</h2>
        ${failureNotice(this.text("syncNotLoaded"), this.failure, this.language, () => void this.followed.load())}
        ${this.problem === undefined ? nothing : html`<p role="alert" class="bad">${this.problem}</p>`}
        ${this.notice === undefined ? nothing : html`<p role="status">${this.notice}</p>`}
        ${this.found === undefined ? this.renderEmpty() : this.renderFound(this.found)}
      </section>
    `;
  }

  private renderEmpty(): TemplateResult | typeof nothing {
    if (this.failure !== undefined) return nothing;
    return awaited(this.tokenProvider !== undefined || !this.tokenRequest.unanswered, this.language);
  }

  private renderFound({ study, destinations }: Found): TemplateResult {
    return html`
      ${study === undefined ? nothing : this.renderStudy(study)}
      ${
        destinations === undefined
          ? nothing
          : html`<h3>${this.text("syncSystems")}</h3>
              ${destinations.length === 0 ? html`<p class="sub">${this.text("syncNone")}</p>` : nothing}
              <ul>
                ${destinations.map((one) =>
                  destinationView(
                    one,
                    this.language,
                    study === undefined
                      ? this.renderReplay((token) => replayAll(one.destination, token))
                      : nothing,
                  ),
                )}
              </ul>
              <button type="button" class="refresh" @click=${() => void this.followed.load()}>
                ${this.text("refresh")}
              </button>`
      }
    `;
  }

  private renderStudy(study: StudyDetails): TemplateResult {
    const { study: own, results } = study.synchronisation;
    const hasFailed = [...own, ...results.flatMap(({ destinations }) => destinations)].some(
      ({ state }) => state === "failed",
    );
    return html`
      ${studySynchronisation(study, this.language)}
      ${hasFailed && study.mayReplay ? this.renderReplay((token) => replayStudy(study, token)) : nothing}
      ${study.fhirResources.length === 0 ? nothing : html`<h3>${this.text("fhirResources")}</h3>`}
      ${study.fhirResources.map(({ resourceType, id }) => this.renderResource(resourceType, id))}
    `;
  }

  private renderReplay(replay: (token: TokenProvider) => Promise<number>): TemplateResult {
    return html`<button
      type="button"
      class="replay"
      ?disabled=${this.busy}
      @click=${() => void this.replay(replay)}
    >
      ${this.text("syncReplay")}
    </button>`;
  }

  /** A resource as the FHIR server has it, to be read. */
  private renderResource(resourceType: string, id: string): TemplateResult {
    const resource = this.resources?.find((one) => one["id"] === id && one["resourceType"] === resourceType);
    const missing = this.text(this.resources === undefined ? "loading" : "fhirGone");
    return html`<details class="card" data-fhir=${resourceType} @toggle=${() => void this.openResources()}>
      <summary>${resourceType}</summary>
      <pre tabindex="0">${resource === undefined ? missing : JSON.stringify(resource, null, 1)}</pre>
    </details>`;
  }

  private async openResources(): Promise<void> {
    const { study, tokenProvider } = this;
    if (study === undefined || tokenProvider === undefined) return;
    try {
      const resources = await loadFhirResources(study, tokenProvider);
      if (study === this.study) this.resources = resources;
    } catch (error) {
      if (study === this.study) this.problem = this.explain(error);
    }
  }

  private async replay(replay: (token: TokenProvider) => Promise<number>): Promise<void> {
    const { study, tokenProvider } = this;
    if (tokenProvider === undefined || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    this.notice = undefined;
    try {
      const count = await replay(tokenProvider);
      if (study === this.study) this.notice = this.text("syncReplayed", { count });
      const options = { detail: { count }, bubbles: true, composed: true };
      this.dispatchEvent(new CustomEvent("neuronova-replayed", options));
    } catch (error) {
      if (study === this.study) this.problem = `${this.text("syncNotReplayed")}: ${this.explain(error)}`;
    } finally {
      this.busy = false;
    }
    await this.followed.load();
  }
}
