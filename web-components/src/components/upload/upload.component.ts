import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { preferredLanguage, type Language } from "../../localization/messages.js";
import { uploadMessage, type UploadText } from "../../localization/upload-messages.js";
import { HttpProblem } from "../../session/http.js";
import { loadMe } from "../../session/me.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import { chosenFile, type ChosenFile } from "../../upload/chosen-file.js";
import { droppedFiles } from "../../upload/dropped-files.js";
import { countStates, type UploadQueue } from "../../upload/upload-queue.js";
import { UploadWork, studiesOf, type UploadEnd } from "../../upload/upload-work.js";
import { theme } from "../theme.js";
import { renderProgress } from "./upload-progress.js";
import { renderLeftOut, renderReview } from "./upload-review.js";
import { styles } from "./upload.styles.js";

/**
 * Takes files, folders and ZIP archives, shows whose images they are, and sends them by STOW-RS. Nothing is sent before
 * somebody has seen the patient.
 *
 * @element neuronova-upload
 * @attr theme - `light`, `dark`, or `auto` as the reader's system is set
 * @fires neuronova-token-request - {provide(provider)}: no `tokenProvider` was set; who gives one calls `provide`
 * @fires neuronova-upload-ended - {studyInstanceUids, stored, there, failed, canceled}
 * @fires neuronova-study-open - {studyInstanceUid}
 * @csspart zone - where files are dropped
 * @csspart studies - what was chosen, by study
 * @csspart files - what is on its way
 * @cssproperty --neuronova-accent - colour of progress and focus
 */
export class NeuronovaUpload extends LitElement {
  static override styles = [theme, styles];
  static override properties = {
    patient: { type: String },
    language: { type: String },
    tokenProvider: { attribute: false },
    isOver: { state: true },
    mayUpload: { state: true },
    failure: { state: true },
  };

  /** Patient ID (0010,0020) of whom the page is about: other patients' images are sent only when ticked. */
  declare patient: string | undefined;
  declare language: Language;
  /** Gives access tokens. Nothing can be chosen before it is set. */
  declare tokenProvider: TokenProvider | undefined;
  declare private isOver: boolean;
  /** undefined until the server has said so. */
  declare private mayUpload: boolean | undefined;
  /** Why nobody knows whether it may be. */
  declare private failure: string | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private readonly work = new UploadWork(() => this.requestUpdate());

  private readonly onOnline = () => this.work.queue?.wake();
  private readonly onLeave = (event: BeforeUnloadEvent) => {
    if (this.work.phase === "sending") event.preventDefault();
  };

  constructor() {
    super();
    this.language = preferredLanguage();
    this.isOver = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("online", this.onOnline);
    window.addEventListener("beforeunload", this.onLeave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("beforeunload", this.onLeave);
    this.work.reset();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // What was chosen for one patient, or by one person, is not sent for another.
    const hadPatient = changed.has("patient") && changed.get("patient") !== undefined;
    const hadProvider = changed.has("tokenProvider") && changed.get("tokenProvider") !== undefined;
    if (hadPatient || hadProvider) this.work.reset();
    if (changed.has("tokenProvider")) this.mayUpload = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("tokenProvider")) void this.ask();
  }

  /** Whether it is any use to choose files here. */
  private async ask(): Promise<void> {
    const { tokenProvider } = this;
    if (tokenProvider === undefined) return;
    this.failure = undefined;
    try {
      const { permissions } = await loadMe(tokenProvider);
      if (tokenProvider === this.tokenProvider) this.mayUpload = permissions.includes("upload");
    } catch (error) {
      if (tokenProvider === this.tokenProvider) this.failure = this.reasonOf(error);
    }
  }

  private reasonOf(error: unknown): string {
    return error instanceof HttpProblem ? error.message : this.text("unreachable");
  }

  private onDrop(event: DragEvent): void {
    event.preventDefault();
    this.isOver = false;
    if (event.dataTransfer !== null) void this.work.look(droppedFiles(event.dataTransfer), this.patient);
  }

  private onInput(event: Event): void {
    const input = event.target as HTMLInputElement;
    void this.work.look(filesOf([...(input.files ?? [])]), this.patient);
    // The same files may be chosen again.
    input.value = "";
  }

  /** Sends, for the first time or what is left; the page hears how it ended. */
  private async send(how: "start" | "goOn"): Promise<void> {
    if (this.tokenProvider === undefined) return;
    const detail: UploadEnd | undefined = await this.work[how](this.tokenProvider);
    if (detail === undefined) return;
    this.dispatchEvent(new CustomEvent("neuronova-upload-ended", { detail, bubbles: true, composed: true }));
  }

  private open(studyInstanceUid: string): void {
    const options = { detail: { studyInstanceUid }, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent("neuronova-study-open", options));
  }

  private text(key: UploadText, values?: Record<string, string | number>): string {
    return uploadMessage(this.language, key, values);
  }

  protected override render(): TemplateResult {
    return html`
      <section aria-label=${this.text("upload")} lang=${this.language}>
        <h2>${this.text("upload")}</h2>
        ${this.failure === undefined ? nothing : html`<p role="alert" class="bad">${this.failure}</p>`}
        ${this.renderPhase()}
      </section>
    `;
  }

  private renderPhase(): TemplateResult {
    if (this.tokenProvider === undefined)
      return html`<p role="status">${this.text(this.tokenRequest.unanswered ? "noToken" : "loading")}</p>`;
    if (this.mayUpload === undefined) {
      if (this.failure === undefined) return html`<p role="status">${this.text("loading")}</p>`;
      return html`<div class="buttons">${this.renderButton("retry", () => void this.ask())}</div>`;
    }
    if (!this.mayUpload) return html`<p role="status">${this.text("uploadMayNot")}</p>`;
    const { work } = this;
    switch (work.phase) {
      case "choosing":
        return this.renderZone();
      case "looking":
        return html`
          <p role="status">${this.text("uploadLooking", { count: work.selection.looked })}</p>
          <div class="buttons">${this.renderButton("uploadStop", () => work.reset())}</div>
        `;
      case "review":
        return this.renderReview();
      default:
        return work.queue === undefined
          ? html`<p role="status">${this.text("loading")}</p>`
          : this.renderQueue(work.queue);
    }
  }

  private renderQueue(queue: UploadQueue): TemplateResult {
    const { phase, selection } = this.work;
    return html`
      ${renderProgress(queue, phase === "ended", this.language)}
      <div class="buttons">
        ${phase === "sending" ? this.renderButton("uploadStop", () => queue.stop()) : this.renderEnd(queue)}
      </div>
      ${renderLeftOut(selection.leftOut, this.language)}
    `;
  }

  private renderEnd({ items }: UploadQueue): TemplateResult {
    const { failed, canceled } = countStates(items);
    return html`
      ${failed + canceled > 0 ? this.renderButton("uploadGoOn", () => void this.send("goOn"), true) : nothing}
      ${[...studiesOf(items)].map((study) => this.renderButton("uploadOpen", () => this.open(study)))}
      ${this.renderButton("uploadAnother", () => this.work.reset())}
    `;
  }

  private renderReview(): TemplateResult {
    const { work, patient, language } = this;
    const { selection, chosen, failure } = work;
    const images = [...chosen].reduce(
      (sum, key) => sum + (selection.studies.get(key)?.instances.length ?? 0),
      0,
    );
    const choose = (key: string, isChosen: boolean) => work.choose(key, isChosen);
    return html`
      ${failure === undefined ? nothing : html`<p role="alert" class="bad">${this.reasonOf(failure)}</p>`}
      ${
        selection.studies.size === 0
          ? html`<p role="alert" class="bad">${this.text("uploadNothing")}</p>`
          : renderReview({ selection, chosen, patient, language, choose })
      }
      <div class="buttons">
        ${
          images > 0
            ? html`<button type="button" class="primary" @click=${() => void this.send("start")}>
                ${this.text("uploadStart", { count: images })}
              </button>`
            : nothing
        }
        ${this.renderButton("uploadAnother", () => work.reset())}
      </div>
      ${renderLeftOut(selection.leftOut, language)}
    `;
  }

  private renderZone(): TemplateResult {
    return html`
      <div
        part="zone"
        class="zone ${this.isOver ? "over" : ""}"
        @dragover=${(event: DragEvent) => {
          event.preventDefault();
          this.isOver = true;
        }}
        @dragleave=${() => (this.isOver = false)}
        @drop=${(event: DragEvent) => this.onDrop(event)}
      >
        <p>${this.text("uploadHint")}</p>
        <input type="file" class="files" multiple @change=${(event: Event) => this.onInput(event)} />
        <input type="file" class="folder" webkitdirectory @change=${(event: Event) => this.onInput(event)} />
        ${this.renderButton("uploadFiles", () => this.pick(".files"))}
        ${this.renderButton("uploadFolder", () => this.pick(".folder"))}
      </div>
    `;
  }

  private pick(selector: string): void {
    this.renderRoot.querySelector<HTMLInputElement>(selector)?.click();
  }

  private renderButton(key: UploadText, act: () => void, isPrimary = false): TemplateResult {
    return html`<button type="button" class=${isPrimary ? "primary" : ""} @click=${act}>
      ${this.text(key)}
    </button>`;
  }
}

async function* filesOf(files: readonly File[]): AsyncGenerator<ChosenFile> {
  for (const file of files) {
    await Promise.resolve();
    yield chosenFile(file);
  }
}
