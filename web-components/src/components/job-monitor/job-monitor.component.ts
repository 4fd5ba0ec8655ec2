import { LitElement, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ServerEvent } from "../../events/event-stream.js";
import { FollowedEvents } from "../../events/followed-events.js";
import { message, preferredLanguage, type Language, type MessageKey } from "../../localization/messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import { changeJob, loadJobs, type Job, type JobList } from "../../studies/jobs.js";
import { awaited, explained, failureNotice } from "../load-state.js";
import { theme } from "../theme.js";
import { styles } from "./job-monitor.styles.js";
import { jobProgress, jobReason, jobState } from "./job-text.js";

const SHOWN = 30;

/**
 * Models' work on a study, or on all studies the reader reaches: what waits, runs and came of it, live.
 *
 * @element neuronova-job-monitor
 * @attr theme - `light`, `dark`, or `auto` as the reader's system is set
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-job-changed - {job, change}: somebody canceled or retried a job here
 * @csspart job - a job
 * @cssproperty --neuronova-accent - colour of progress and focus
 */
export class NeuronovaJobMonitor extends LitElement {
  static override styles = [theme, styles];
  static override properties = {
    study: { type: String },
    language: { type: String },
    tokenProvider: { attribute: false },
    jobs: { state: true },
    mayChange: { state: true },
    failure: { state: true },
    problem: { state: true },
    more: { state: true },
    changing: { state: true },
  };

  /** Study Instance UID; all studies when not set. */
  declare study: string | undefined;
  declare language: Language;
  /** Gives access tokens. Nothing is loaded before it is set. */
  declare tokenProvider: TokenProvider | undefined;
  declare private jobs: readonly Job[] | undefined;
  declare private mayChange: boolean;
  /** Why there is no list, or no newer one. */
  declare private failure: string | undefined;
  /** Why a job was not changed. */
  declare private problem: string | undefined;
  declare private more: boolean;
  declare private changing: number | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private readonly followed = new FollowedEvents<JobList>(this, {
    subject: () => this.study,
    forget: () => {
      this.jobs = undefined;
      this.failure = undefined;
      this.problem = undefined;
    },
    concerns: (event) => this.hear(event),
    load: (token) => loadJobs(this.study, SHOWN, token),
    loaded: ({ jobs, mayChange, next }) => {
      this.jobs = jobs;
      this.mayChange = mayChange;
      this.more = next !== undefined;
      this.failure = undefined;
    },
    failed: (error) => (this.failure = explained(error, this.language)),
  });

  constructor() {
    super();
    this.language = preferredLanguage();
    this.mayChange = false;
    this.more = false;
  }

  /** @returns whether the list is to be loaded again; progress is in the event itself */
  private hear({ event, studyInstanceUid, data }: ServerEvent): boolean {
    if (!event.startsWith("analysis.")) return false;
    if (this.study !== undefined && studyInstanceUid !== this.study) return false;
    const done = data?.["slicesDone"];
    if (event !== "analysis.progress" || typeof done !== "number") return true;
    const slices = Number(data?.["slices"]);
    this.jobs = this.jobs?.map((job) =>
      job.id === data?.["analysis"] && job.state === "running"
        ? { ...job, progress: { slicesDone: done, slices } }
        : job,
    );
    return false;
  }

  private async change(job: Job, change: "cancel" | "retry"): Promise<void> {
    if (this.tokenProvider === undefined || this.changing !== undefined) return;
    this.changing = job.id;
    this.problem = undefined;
    try {
      const changed = await changeJob(job.id, change, this.tokenProvider);
      this.jobs = this.jobs?.map((one) => (one.id === job.id ? changed : one));
      const options = { detail: { job: job.id, change }, bubbles: true, composed: true };
      this.dispatchEvent(new CustomEvent("neuronova-job-changed", options));
    } catch (error) {
      this.problem = `${this.text("jobNotChanged")}: ${explained(error, this.language)}`;
    } finally {
      this.changing = undefined;
    }
    void this.followed.load();
  }

  private text(key: MessageKey, values?: Record<string, string | number>): string {
    return message(this.language, key, values);
  }

  protected override render(): TemplateResult {
    return html`
      <section aria-label=${this.text("jobs")} lang=${this.language}>
        <h2>${this.text("jobs")}</h2>
        ${failureNotice(this.text("jobsFailed"), this.failure, this.language, () => void this.followed.load())}
        ${this.problem === undefined ? nothing : html`<p role="alert" class="bad">${this.problem}</p>`}
        ${this.renderList()}
      </section>
    `;
  }

  private renderList(): TemplateResult | typeof nothing {
    if (this.jobs === undefined) {
      if (this.failure !== undefined) return nothing;
      return awaited(this.tokenProvider !== undefined || !this.tokenRequest.unanswered, this.language);
    }
    if (this.jobs.length === 0) return html`<p class="sub">${this.text("jobsNone")}</p>`;
    return html`
      <ul>
        ${repeat(
          this.jobs,
          ({ id }) => id,
          (job) => this.renderJob(job),
        )}
      </ul>
      ${this.more ? html`<p class="sub">${this.text("jobsMore", { count: SHOWN })}</p>` : nothing}
    `;
  }

  private renderJob(job: Job): TemplateResult {
    const { language } = this;
    const progress = jobProgress(job);
    const reason = jobReason(job, language);
    const { slicesDone, slices } = job.progress;
    const time = new Date(job.finishedAt ?? job.queuedAt);
    return html`
      <li part="job" data-job=${job.id} data-state=${job.state}>
        <div class="head">
          <strong>${job.model.title} ${job.model.version}</strong>
          <span class="state ${job.state}">${jobState(job, language)}</span>
        </div>
        <div class="sub">
          ${time.toLocaleString(language, { dateStyle: "short", timeStyle: "medium" })}
          ${this.study === undefined ? html`· <span class="uid">${job.studyInstanceUid}</span>` : nothing}
        </div>
        ${
          progress === undefined
            ? nothing
            : html`<progress
                max="1"
                .value=${progress}
                aria-label=${this.text("jobSlices", { done: slicesDone, all: slices })}
              ></progress>`
        }
        ${reason === undefined ? nothing : html`<p class="reason">${reason}</p>`}
        ${this.mayChange ? this.renderChange(job) : nothing}
      </li>
    `;
  }

  private renderChange(job: Job): TemplateResult | typeof nothing {
    const { state } = job;
    if (state === "succeeded") return nothing;
    const isOpen = state === "queued" || state === "running";
    const change = isOpen ? "cancel" : "retry";
    const label = this.text(isOpen ? "jobCancel" : "jobRetry");
    return html`<button
      type="button"
      class=${change}
      aria-label="${label}: ${job.model.title}"
      ?disabled=${this.changing !== undefined || job.cancelRequested}
      @click=${() => void this.change(job, change)}
    >
      ${label}
    </button>`;
  }
}
