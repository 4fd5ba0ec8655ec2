import { LitElement, html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ServerEvent } from "../../events/event-stream.js";
import { FollowedEvents } from "../../events/followed-events.js";
import { message, preferredLanguage, type Language, type MessageKey } from "../../localization/messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import { changeJob, requestJobs } from "../../studies/jobs.js";
import { loadStudy } from "../../studies/load-study.js";
import { loadModelCard } from "../../studies/model-card.js";
import type { AnalysisProgress, AnalysisResult, StudyDetails } from "../../studies/study.js";
import { awaited, explainedOfStudy, failureNotice, isOutOfReach } from "../load-state.js";
import { panel } from "../panel.styles.js";
import { theme } from "../theme.js";
import { styles } from "./ai-results.styles.js";
import { cardText } from "./card-text.js";
import type { OverlayControl } from "./overlay-control.js";
import { resultCard } from "./result-card.js";
import { openModels, runModel, type WantedRun } from "./run-model.js";

interface OpenCard {
  readonly title: string;
  /** Markdown; undefined while it is loading. */
  readonly text?: string;
  readonly problem?: string;
}

/**
 * What models found in a study, how sure they are and who has reviewed it, live; for who may, accept, reject and have
 * models work. It needs no viewer and loads no image engine.
 *
 * @element neuronova-ai-results
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-reviewed - {analysis, conflict}: a decision was made, here or, as `conflict` tells, elsewhere
 * @fires neuronova-job-changed - {job, change}: somebody asked for, canceled or retried a model's work here
 * @fires neuronova-image-open - {studyInstanceUid, seriesInstanceUid, sopInstanceUid}: the picture of a result was chosen
 * @fires neuronova-edit-mask - {analysis}: within a viewer, its segmentation is to be corrected
 * @fires neuronova-segment-open - {analysis, segment}: within a viewer, the image with the most of it is to be shown
 * @fires neuronova-overlay-change - what is to change of hidden, opacity and outline, within a viewer
 * @csspart result - a result
 * @csspart segment - a segment with its volume
 * @csspart score - a score with its scale
 * @csspart run - the form that has a model work
 * @cssproperty --neuronova-accent - colour of scales, progress and focus
 */
export class NeuronovaAiResults extends LitElement {
  static override styles = [theme, panel, styles];
  static override properties = {
    study: { type: String },
    runModel: { type: Boolean, attribute: "run-model" },
    language: { type: String },
    tokenProvider: { attribute: false },
    details: { attribute: false },
    overlay: { attribute: false },
    found: { state: true },
    failure: { state: true },
    problem: { state: true },
    progress: { state: true },
    conflicts: { state: true },
    busy: { state: true },
    chosen: { state: true },
    card: { state: true },
  };

  /** Study Instance UID. */
  declare study: string | undefined;
  /** Brings the form that has a model look at the study into view, with the focus, once the study is there. */
  declare runModel: boolean;
  declare language: Language;
  /** Gives access tokens. Nothing is loaded before it is set. */
  declare tokenProvider: TokenProvider | undefined;
  /** The study as the viewer around has loaded it; the element loads it itself when not set. */
  declare details: StudyDetails | undefined;
  /** Of the viewer around; without one nothing is offered that is done on images. */
  declare overlay: OverlayControl | undefined;
  declare private found: StudyDetails | undefined;
  /** Why there is nothing, or nothing newer. */
  declare private failure: string | undefined;
  /** Why something was not done. */
  declare private problem: string | undefined;
  declare private progress: ReadonlyMap<number, AnalysisProgress>;
  declare private conflicts: ReadonlyMap<number, string>;
  declare private busy: boolean;
  declare private chosen: number;
  declare private card: OpenCard | undefined;
  /** The study whose form for a model's work was brought into view: once, so that the focus stays the reader's. */
  private ledTo: string | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private readonly followed = new FollowedEvents<StudyDetails | undefined>(this, {
    subject: () => this.study ?? null,
    forget: () => this.forget(),
    concerns: (event) => this.hear(event),
    load: (token) =>
      this.details === undefined ? loadStudy(this.study ?? "", token) : Promise.resolve(undefined),
    loaded: (found) => {
      this.found = found;
      this.failure = undefined;
    },
    failed: (error) => {
      // Who may not see the study any more sees nothing of it.
      if (isOutOfReach(error)) this.found = undefined;
      this.failure = this.explain(error);
    },
  });

  constructor() {
    super();
    this.language = preferredLanguage();
    this.runModel = false;
    this.busy = false;
    this.chosen = 0;
    this.progress = new Map();
    this.conflicts = new Map();
  }

  /** What is shown: never of another study than the one that was asked for. */
  private get shown(): StudyDetails | undefined {
    const shown = this.details ?? this.found;
    return shown?.studyInstanceUid === this.study ? shown : undefined;
  }

  private forget(): void {
    this.found = undefined;
    this.failure = undefined;
    this.problem = undefined;
    this.progress = new Map();
    this.conflicts = new Map();
    this.chosen = 0;
    this.card = undefined;
  }

  /** @returns whether the results are to be loaded again; progress is in the event itself */
  private hear({ event, studyInstanceUid, data }: ServerEvent): boolean {
    if (studyInstanceUid !== this.study) return false;
    const [analysis, slicesDone, slices] = [data?.["analysis"], data?.["slicesDone"], data?.["slices"]];
    if (event !== "analysis.progress") return true;
    if (typeof analysis === "number" && typeof slicesDone === "number" && typeof slices === "number")
      this.progress = new Map([...this.progress, [analysis, { slicesDone, slices }]]);
    return false;
  }

  private text(key: MessageKey, values?: Record<string, string | number>): string {
    return message(this.language, key, values);
  }

  private explain(error: unknown): string {
    return explainedOfStudy(error, this.language);
  }

  protected override render(): TemplateResult {
    return html`
      <section aria-label=${this.text("aiResult")} lang=${this.language}>
        <h2>${this.text("aiResult")}</h2>
        ${failureNotice(this.text("resultsFailed"), this.failure, this.language, () => void this.followed.load())}
        ${this.problem === undefined ? nothing : html`<p role="alert" class="bad">${this.problem}</p>`}
        ${this.shown === undefined ? this.renderEmpty() : this.renderResults(this.shown)} ${this.renderCard()}
      </section>
    `;
  }

  protected override updated(): void {
    if (!this.runModel) this.ledTo = undefined;
    else if (this.shown !== undefined && this.ledTo !== this.study) this.leadToModels();
  }

  /** To the form that has a model work; to the results where no model is left to be run. */
  private leadToModels(): void {
    this.ledTo = this.study;
    const form = this.renderRoot.querySelector("form.run");
    (form ?? this).scrollIntoView({ block: "nearest" });
    form?.querySelector<HTMLElement>("select, button")?.focus({ preventScroll: true });
  }

  private renderEmpty(): TemplateResult | typeof nothing {
    if (this.failure !== undefined) return nothing;
    return awaited(this.tokenProvider !== undefined || !this.tokenRequest.unanswered, this.language);
  }

  private renderResults(study: StudyDetails): TemplateResult {
    const models = openModels(study);
    const none = models.length > 0 ? "analysisNotYet" : "analysisNone";
    return html`
      ${study.results.length === 0 ? html`<p class="sub">${this.text(none)}</p>` : nothing}
      ${repeat(
        study.results,
        ({ id }) => id,
        (result) => this.renderResult(result, study),
      )}
      ${runModel({
        language: this.language,
        study,
        models,
        chosen: this.chosen,
        busy: this.busy,
        onChoose: (index) => (this.chosen = index),
        onRun: (wanted) => void this.run(study, wanted),
      })}
    `;
  }

  private renderResult(result: AnalysisResult, study: StudyDetails): TemplateResult {
    return resultCard(result, {
      language: this.language,
      study,
      tokenProvider: this.tokenProvider,
      overlay: this.overlay,
      progress: this.progress,
      conflicts: this.conflicts,
      busy: this.busy,
      onLook: (look) => this.tell("neuronova-overlay-change", look),
      onJump: ({ id }, segment) => this.tell("neuronova-segment-open", { analysis: id, segment }),
      onEdit: ({ id }) => this.tell("neuronova-edit-mask", { analysis: id }),
      onPicture: ({ summaryImage }) =>
        this.tell("neuronova-image-open", { studyInstanceUid: study.studyInstanceUid, ...summaryImage }),
      onModel: (of) => void this.openCard(of),
      onReviewed: ({ detail: { analysis, conflict } }) => {
        if (conflict !== undefined) this.conflicts = new Map([...this.conflicts, [analysis, conflict]]);
        void this.followed.load();
      },
      onJob: (of, change) => void this.changeJob(of, change),
    });
  }

  private renderCard(): TemplateResult {
    const { card } = this;
    return html`
      <dialog aria-label=${this.text("modelCard")} @close=${() => (this.card = undefined)}>
        ${card?.problem === undefined ? nothing : html`<p role="alert" class="bad">${card.problem}</p>`}
        ${card?.text === undefined ? nothing : html`<div class="text">${cardText(card.text)}</div>`}
        ${card !== undefined && card.text === undefined && card.problem === undefined ? html`<p role="status">${this.text("loading")}</p>` : nothing}
        <form method="dialog"><button class="close">${this.text("close")}</button></form>
      </dialog>
    `;
  }

  private async openCard({ model }: AnalysisResult): Promise<void> {
    const { tokenProvider } = this;
    if (tokenProvider === undefined) return;
    const opened: OpenCard = { title: model.title };
    this.card = opened;
    this.renderRoot.querySelector("dialog")?.showModal();
    const card = await loadModelCard(model, tokenProvider).then(
      (text) => ({ ...opened, text }),
      (error: unknown) => ({ ...opened, problem: `${this.text("cardFailed")}: ${this.explain(error)}` }),
    );
    if (this.card === opened) this.card = card;
  }

  private run({ studyInstanceUid }: StudyDetails, { model, ...where }: WantedRun): Promise<void> {
    return this.change("runNot", async (token) => {
      const wanted = { model: model.name, version: model.version, studyInstanceUid, ...where };
      const { jobs } = await requestJobs(wanted, token);
      for (const { id } of jobs) this.tell("neuronova-job-changed", { job: id, change: "request" });
    });
  }

  private changeJob({ id }: AnalysisResult, change: "cancel" | "retry"): Promise<void> {
    return this.change("jobNotChanged", async (token) => {
      await changeJob(id, change, token);
      this.tell("neuronova-job-changed", { job: id, change });
    });
  }

  /** One change at a time; what came of it, or why it came to nothing, is of this study only. */
  private async change(not: MessageKey, work: (token: TokenProvider) => Promise<void>): Promise<void> {
    const { study, tokenProvider } = this;
    if (tokenProvider === undefined || this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      await work(tokenProvider);
    } catch (error) {
      if (study === this.study) this.problem = `${this.text(not)}: ${this.explain(error)}`;
    } finally {
      this.busy = false;
    }
    await this.followed.load();
  }

  private tell(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
