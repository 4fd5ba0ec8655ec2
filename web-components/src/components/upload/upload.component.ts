import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { preferredLanguage, type Language } from "../../localization/messages.js";
import { uploadMessage, type UploadText } from "../../localization/upload-messages.js";
import { HttpProblem } from "../../session/http.js";
import { permissionsOf } from "../../session/permissions.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { TokenRequest } from "../../session/token-request.js";
import { chosenFile, type ChosenFile } from "../../upload/chosen-file.js";
import { droppedFiles, type UnreadableEntry } from "../../upload/dropped-files.js";
import { Selection, isOfPatient } from "../../upload/selection.js";
import { storeInstance } from "../../upload/store-instance.js";
import { storedInstances } from "../../upload/stored-instances.js";
import { UploadQueue, uploadItem, type UploadItem } from "../../upload/upload-queue.js";
import { theme } from "../theme.js";
import { countStates, renderProgress } from "./upload-progress.js";
import { renderLeftOut, renderReview } from "./upload-review.js";
import { styles } from "./upload.styles.js";

/** What became of an upload. */
export interface UploadEnd {
  readonly studyInstanceUids: readonly string[];
  readonly stored: number;
  /** Were there before. */
  readonly there: number;
  readonly failed: number;
  readonly canceled: number;
}

type Phase = "choosing" | "looking" | "review" | "sending" | "ended";

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
    phase: { state: true },
    isOver: { state: true },
    chosen: { state: true },
    mayUpload: { state: true },
    failure: { state: true },
  };

  /** Patient ID (0010,0020) of whom the page is about: other patients' images are sent only when ticked. */
  declare patient: string | undefined;
  declare language: Language;
  /** Gives access tokens. Nothing can be chosen before it is set. */
  declare tokenProvider: TokenProvider | undefined;
  declare private phase: Phase;
  declare private isOver: boolean;
  declare private chosen: ReadonlySet<string>;
  /** undefined until the server has said so. */
  declare private mayUpload: boolean | undefined;
  declare private failure: string | undefined;
  private readonly tokenRequest = new TokenRequest(this);
  private selection = this.emptySelection();
  private queue: UploadQueue | undefined;
  private looking = new AbortController();

  private readonly onOnline = () => this.queue?.wake();
  private readonly onLeave = (event: BeforeUnloadEvent) => {
    if (this.phase === "sending") event.preventDefault();
  };

  constructor() {
    super();
    this.language = preferredLanguage();
    this.phase = "choosing";
    this.isOver = false;
    this.chosen = new Set();
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
    this.reset();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // What was chosen for one patient, or by one person, is not sent for another.
    const hadPatient = changed.has("patient") && changed.get("patient") !== undefined;
    const hadProvider = changed.has("tokenProvider") && changed.get("tokenProvider") !== undefined;
    if (hadPatient || hadProvider) this.reset();
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
      const permissions = await permissionsOf(tokenProvider);
      if (tokenProvider === this.tokenProvider) this.mayUpload = permissions.has("upload");
    } catch (error) {
      if (tokenProvider === this.tokenProvider) this.failure = this.reasonOf(error);
    }
  }

  private reasonOf(error: unknown): string {
    return error instanceof HttpProblem ? error.message : this.text("unreachable");
  }

  private emptySelection(): Selection {
    return new Selection(() => this.requestUpdate());
  }

  private reset(): void {
    this.looking.abort();
    this.queue?.stop();
    this.queue = undefined;
    this.selection = this.emptySelection();
    this.chosen = new Set();
    this.failure = undefined;
    this.phase = "choosing";
  }

  private onDrop(event: DragEvent): void {
    event.preventDefault();
    this.isOver = false;
    if (event.dataTransfer !== null && this.mayChoose) void this.look(droppedFiles(event.dataTransfer));
  }

  private onInput(event: Event): void {
    const input = event.target as HTMLInputElement;
    void this.look(filesOf([...(input.files ?? [])]));
    // The same files may be chosen again.
    input.value = "";
  }

  private get mayChoose(): boolean {
    return this.mayUpload === true && this.phase === "choosing";
  }

  private async look(files: AsyncIterable<ChosenFile | UnreadableEntry>): Promise<void> {
    const { selection } = this;
    const { signal } = (this.looking = new AbortController());
    this.phase = "looking";
    await selection.add(files, signal);
    if (selection !== this.selection) return;
    const own = [...selection.studies].filter(([, { header }]) => isOfPatient(header, this.patient));
    this.chosen = new Set(own.map(([key]) => key));
    this.phase = "review";
  }

  private choose(key: string, isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    if (isChosen) chosen.add(key);
    else chosen.delete(key);
    this.chosen = chosen;
  }

  private async start(): Promise<void> {
    const { tokenProvider, selection } = this;
    if (tokenProvider === undefined || this.phase !== "review") return;
    this.failure = undefined;
    this.phase = "sending";
    const items: UploadItem[] = [];
    try {
      for (const key of this.chosen) {
        const study = selection.studies.get(key);
        if (study === undefined) continue;
        const { patientId, studyInstanceUid } = study.header;
        const there =
          patientId === undefined
            ? new Set()
            : await storedInstances(studyInstanceUid, patientId, tokenProvider);
        for (const { file, header } of study.instances) {
          const item = uploadItem(file, header);
          if (there.has(header.sopInstanceUid)) item.state = "there";
          items.push(item);
        }
      }
    } catch (error) {
      if (selection !== this.selection) return;
      this.failure = this.reasonOf(error);
      this.phase = "review";
      return;
    }
    if (selection === this.selection) await this.send(items, tokenProvider);
  }

  private async send(items: readonly UploadItem[], provider: TokenProvider): Promise<void> {
    this.phase = "sending";
    const queue = new UploadQueue(items, {
      send: (file, progress, signal) => storeInstance(file, provider, progress, signal),
      changed: () => this.requestUpdate(),
      rest,
    });
    this.queue = queue;
    await queue.run();
    if (queue !== this.queue) return;
    this.phase = "ended";
    const { stored, there, failed, canceled } = countStates(items);
    const detail: UploadEnd = {
      studyInstanceUids: [...studiesOf(items)],
      stored,
      there,
      failed,
      canceled,
    };
    this.dispatchEvent(new CustomEvent("neuronova-upload-ended", { detail, bubbles: true, composed: true }));
  }

  /** Sends what is not there yet once more. */
  private async goOn(): Promise<void> {
    const { queue, tokenProvider } = this;
    if (queue === undefined || tokenProvider === undefined) return;
    for (const item of queue.items) {
      if (item.state !== "failed" && item.state !== "canceled") continue;
      Object.assign(item, { state: "waiting", fault: undefined, detail: undefined, sent: 0 });
    }
    await this.send(queue.items, tokenProvider);
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
    const { phase, queue, selection, language } = this;
    if (this.tokenProvider === undefined)
      return html`<p role="status">${this.text(this.tokenRequest.unanswered ? "noToken" : "loading")}</p>`;
    if (this.mayUpload === undefined) {
      if (this.failure === undefined) return html`<p role="status">${this.text("loading")}</p>`;
      return html`<div class="buttons">${this.renderButton("retry", () => void this.ask())}</div>`;
    }
    if (!this.mayUpload) return html`<p role="status">${this.text("uploadMayNot")}</p>`;
    if (phase === "looking") {
      return html`
        <p role="status">${this.text("uploadLooking", { count: selection.looked })}</p>
        <div class="buttons">${this.renderButton("uploadStop", () => this.reset())}</div>
      `;
    }
    if (phase === "choosing") return this.renderZone();
    if (phase === "review") return this.renderReview();
    if (queue === undefined) return html`<p role="status">${this.text("loading")}</p>`;
    return html`
      ${renderProgress(queue, phase === "ended", language)}
      <div class="buttons">
        ${phase === "sending" ? this.renderButton("uploadStop", () => queue.stop()) : this.renderEnd(queue)}
      </div>
      ${renderLeftOut(selection.leftOut, language)}
    `;
  }

  private renderEnd({ items }: UploadQueue): TemplateResult {
    const { failed, canceled } = countStates(items);
    return html`
      ${failed + canceled > 0 ? this.renderButton("uploadGoOn", () => void this.goOn(), true) : nothing}
      ${[...studiesOf(items)].map((study) => this.renderButton("uploadOpen", () => this.open(study)))}
      ${this.renderButton("uploadAnother", () => this.reset())}
    `;
  }

  private renderReview(): TemplateResult {
    const { selection, chosen, patient, language } = this;
    const images = [...chosen].reduce(
      (sum, key) => sum + (selection.studies.get(key)?.instances.length ?? 0),
      0,
    );
    const choose = (key: string, isChosen: boolean) => this.choose(key, isChosen);
    return html`
      ${
        selection.studies.size === 0
          ? html`<p role="alert" class="bad">${this.text("uploadNothing")}</p>`
          : renderReview({ selection, chosen, patient, language, choose })
      }
      <div class="buttons">
        ${
          images > 0
            ? html`<button type="button" class="primary" @click=${() => void this.start()}>
                ${this.text("uploadStart", { count: images })}
              </button>`
            : nothing
        }
        ${this.renderButton("uploadAnother", () => this.reset())}
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

function studiesOf(items: readonly UploadItem[]): ReadonlySet<string> {
  return new Set(
    items
      .filter(({ state }) => state === "stored" || state === "there")
      .map(({ header }) => header.studyInstanceUid),
  );
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
