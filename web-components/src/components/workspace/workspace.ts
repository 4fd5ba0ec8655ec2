import { LitElement, html, type TemplateResult } from "lit";
import { LANGUAGES, message, preferredLanguage, type Language } from "../../localization/messages.js";
import { HttpProblem } from "../../session/http.js";
import { loadMe } from "../../session/me.js";
import { Session } from "../../session/session.js";
import "../launch-failure/launch-failure.js";
import "../login-form/login-form.js";
import "../study-list/study-list.js";
import type { StudyOpenEvent } from "../study-list/study-list.component.js";
import type { SectionOpenEvent } from "../admin/admin.component.js";
import { sectionOf, type SectionName } from "../admin/sections.js";
import { theme } from "../theme.js";
import { unseen } from "../unseen.styles.js";
import { styles } from "./workspace.styles.js";

/**
 * The page at `/`, `/viewer/{studyInstanceUid}`, `/share`, `/launched/{session}` and `/admin/{section}`: login, study
 * list, viewer, administration.
 *
 * @element neuronova-workspace
 */
export class NeuronovaWorkspace extends LitElement {
  static override styles = [theme, unseen, styles];
  static override properties = {
    language: { state: true },
    phase: { state: true },
    study: { state: true },
    section: { state: true },
    toRunModel: { state: true },
    mayUpload: { state: true },
    isUploading: { state: true },
  };

  declare private language: Language;
  declare private phase: "starting" | "login" | "open" | "unreachable" | "share-over" | "launch-over";
  declare private study: string | undefined;
  /** Of the administrators' page; undefined on others. */
  declare private section: SectionName | "first" | undefined;
  /** The address leads to the form that has a model look at the study (`orthanc-config/orthanc-explorer-2.json`). */
  declare private toRunModel: boolean;
  declare private mayUpload: boolean;
  /** Whether the upload is to be seen; one that runs goes on out of sight. */
  declare private isUploading: boolean;
  private session = new Session();
  private readonly onNavigation = () => {
    this.study = studyOf(location.pathname);
    this.section = sectionOf(location.pathname);
    this.toRunModel = location.hash === "#run-model";
    // Its code is for the few who come here.
    if (this.section !== undefined) void import("../admin/admin.js");
  };

  constructor() {
    super();
    this.language = preferredLanguage();
    this.phase = "starting";
    this.mayUpload = false;
    this.isUploading = false;
    this.onNavigation();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("popstate", this.onNavigation);
    void this.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("popstate", this.onNavigation);
  }

  private async start(): Promise<void> {
    if (location.pathname === "/share") return this.openShare();
    const launch = LAUNCHED.exec(location.pathname)?.[1];
    try {
      if (launch !== undefined) await this.openLaunch(launch);
      else if (await this.session.resume()) await this.onLogin();
      else this.phase = "login";
    } catch {
      this.phase = "unreachable";
    }
  }

  /** Goes back to Orthanc Explorer, which has no login of its own and sent them here. */
  private async onLogin(): Promise<void> {
    const wanted = new URLSearchParams(location.search).get("continue") ?? "";
    this.phase = "open";
    void this.askPermissions();
    if (!ORTHANC_PAGE.test(wanted)) return;
    history.replaceState(null, "", "/");
    const opened = await this.session.openOrthancExplorer().catch(() => undefined);
    if (opened !== undefined) location.assign(wanted);
  }

  private async askPermissions(): Promise<void> {
    const { session } = this;
    const me = await loadMe(session.provider).catch(() => undefined);
    if (session === this.session) this.mayUpload = me?.permissions.includes("upload") === true;
  }

  private async onOrthanc(): Promise<void> {
    const address = await this.session.openOrthancExplorer().catch(() => undefined);
    if (address !== undefined) location.assign(address);
  }

  /** Another's account in the same browser has nothing to do with it: there is no login to fall back to. */
  private async openLaunch(id: string): Promise<void> {
    try {
      await this.session.openLaunch(id);
      this.session.onLaunchOver = () => (this.phase = "launch-over");
      this.phase = "open";
    } catch (error) {
      if (!(error instanceof HttpProblem && error.status === 401)) throw error;
      this.phase = "launch-over";
    }
  }

  /** The token is in the fragment, which no server sees; it leaves the address bar at once. */
  private async openShare(): Promise<void> {
    const token = location.hash.slice(1);
    history.replaceState(null, "", "/share");
    try {
      const [study, ...others] = await this.session.openShare(token);
      this.study = others.length === 0 ? study : undefined;
      this.phase = "open";
    } catch {
      this.phase = "share-over";
    }
  }

  protected override willUpdate(): void {
    this.toggleAttribute("viewing", this.phase === "open" && this.study !== undefined);
    if (this.study !== undefined) void import("../viewer/viewer.js");
    if (this.mayUpload) void import("../upload/upload.js");
  }

  protected override render(): TemplateResult {
    document.documentElement.lang = this.language;
    return html`
      <header>
        <a href="/" @click=${(event: Event) => this.go(event, launchedBase() ?? "/")}>NeuroNova</a>
        <span class="notice">${message(this.language, "demonstration")}</span>
        <span class="grow"></span>
        ${LANGUAGES.map(
          (language) => html`
            <button
              type="button"
              aria-pressed=${language === this.language}
              @click=${() => (this.language = language)}
            >
              ${language === "ko" ? "한국어" : "English"}
            </button>
          `,
        )}
        ${
          this.phase === "open" && this.session.launched !== undefined
            ? html`<span>${this.session.launched.displayName}, ${message(this.language, "launchedBy")}</span>
                <button type="button" @click=${this.onLogout}>${message(this.language, "logout")}</button>`
            : ""
        }
        ${
          this.phase === "open" && this.session.account !== undefined
            ? html`${
                  this.session.account.role === "admin"
                    ? html`<a class="place" href="/admin" @click=${(event: Event) => this.go(event, "/admin")}
                          >${message(this.language, "administration")}</a
                        >
                        <button type="button" @click=${() => void this.onOrthanc()}>Orthanc Explorer</button>`
                    : ""
                }
                <span>${this.session.account.displayName}</span>
                <button type="button" @click=${this.onLogout}>${message(this.language, "logout")}</button>`
            : ""
        }
      </header>
      ${
        this.phase === "open" && this.mayUpload
          ? html`<neuronova-upload
              theme="auto"
              ?hidden=${!this.isUploading || this.study !== undefined || this.section !== undefined}
              .language=${this.language}
              .tokenProvider=${this.session.provider}
              @neuronova-study-open=${this.onStudy}
            ></neuronova-upload>`
          : ""
      }
      ${this.renderPhase()}
    `;
  }

  private renderPhase(): TemplateResult {
    if (this.phase === "starting")
      return html`<main role="status">${message(this.language, "loading")}</main>`;
    if (this.phase === "unreachable") {
      return html`<main role="alert">
        <p>${message(this.language, "unreachable")}</p>
        <button type="button" @click=${() => void this.start()}>${message(this.language, "retry")}</button>
      </main>`;
    }
    if (this.phase === "share-over")
      return html`<main role="alert">${message(this.language, "shareOver")}</main>`;
    if (this.phase === "launch-over") {
      return html`<neuronova-launch-failure
        code="launch-over"
        .language=${this.language}
      ></neuronova-launch-failure>`;
    }
    if (this.phase === "login") {
      return html`<main>
        <neuronova-login-form
          .session=${this.session}
          .language=${this.language}
          @neuronova-login=${() => void this.onLogin()}
        ></neuronova-login-form>
      </main>`;
    }
    if (this.study !== undefined) {
      return html`<main class="viewer">
        <h1 class="unseen">${message(this.language, "viewer")}</h1>
        <neuronova-viewer
          .study=${this.study}
          ?run-model=${this.toRunModel}
          .language=${this.language}
          .tokenProvider=${this.session.provider}
        ></neuronova-viewer>
      </main>`;
    }
    if (this.section !== undefined) {
      return html`<main>
        <neuronova-admin
          .section=${this.section}
          .language=${this.language}
          .tokenProvider=${this.session.provider}
          @neuronova-section-open=${this.onSection}
        ></neuronova-admin>
      </main>`;
    }
    return html`<main>
      <div class="title">
        <h1>${message(this.language, "studies")}</h1>
        ${
          this.mayUpload
            ? html`<button
                type="button"
                aria-expanded=${this.isUploading}
                @click=${() => (this.isUploading = !this.isUploading)}
              >
                ${message(this.language, "upload")}
              </button>`
            : ""
        }
      </div>
      <neuronova-study-list
        theme="auto"
        ?ohif=${this.session.account !== undefined}
        .patient=${this.session.launched?.patientId}
        .language=${this.language}
        .tokenProvider=${this.session.provider}
        @neuronova-study-open=${this.onStudy}
      ></neuronova-study-list>
    </main>`;
  }

  private onStudy({ detail }: StudyOpenEvent): void {
    history.pushState(null, "", `${launchedBase() ?? "/viewer"}/${detail.studyInstanceUid}`);
    this.onNavigation();
  }

  private onSection({ detail }: SectionOpenEvent): void {
    history.pushState(null, "", `/admin/${detail.section}`);
    this.onNavigation();
  }

  private go(event: Event, path: string): void {
    event.preventDefault();
    history.pushState(null, "", path);
    this.onNavigation();
  }

  private async onLogout(): Promise<void> {
    await this.session.logout().catch(() => undefined);
    // Nothing of one person's session, a shared token least of all, is left for the next.
    this.phase = launchedBase() === undefined ? "login" : "launch-over";
    this.session = new Session();
    this.mayUpload = false;
    this.isUploading = false;
  }
}

/** Only pages of Orthanc's own interface: an address from the query leads nowhere else. */
const ORTHANC_PAGE = /^\/orthanc\/(?!.*\.\.)[\w./-]*$/;

function studyOf(path: string): string | undefined {
  return /^\/viewer\/([0-9.]{1,64})$/.exec(path)?.[1] ?? LAUNCHED.exec(path)?.[2];
}

/** A launched session's own address, which its pages stay below: a reload goes on with the same patient. */
const LAUNCHED = /^\/launched\/([0-9a-f-]{36})(?:\/([0-9.]{1,64}))?$/;

function launchedBase(): string | undefined {
  const id = LAUNCHED.exec(location.pathname)?.[1];
  return id === undefined ? undefined : `/launched/${id}`;
}

customElements.define("neuronova-workspace", NeuronovaWorkspace);
