import { LitElement, css, html, type TemplateResult } from "lit";
import { LANGUAGES, message, preferredLanguage, type Language } from "../../localization/messages.js";
import { HttpProblem } from "../../session/http.js";
import { permissionsOf } from "../../session/permissions.js";
import { Session } from "../../session/session.js";
import "../launch-failure/launch-failure.js";
import "../login-form/login-form.js";
import "../study-list/study-list.js";
import type { StudyOpenEvent } from "../study-list/study-list.component.js";
import { theme } from "../theme.js";
import "../upload/upload.js";
import "../viewer/viewer.js";

/**
 * The page at `/`, `/viewer/{studyInstanceUid}`, `/share` and `/launched/{session}`: login, study list, viewer.
 *
 * @element neuronova-workspace
 */
export class NeuronovaWorkspace extends LitElement {
  static override styles = [
    theme,
    css`
      :host {
        min-height: 100vh;
        background: #f3f5f8;
      }
      header {
        display: flex;
        align-items: center;
        gap: 16px;
        height: 52px;
        padding: 0 20px;
        background: #14202f;
        color: #f3f6fa;
      }
      header a {
        color: inherit;
        text-decoration: none;
        font-weight: 700;
        font-size: 17px;
      }
      .notice {
        font-size: 13px;
        color: #ffd08a;
      }
      .grow {
        flex: 1;
      }
      header button {
        background: none;
        border: 1px solid #5d6d82;
        border-radius: 6px;
        padding: 4px 10px;
        font-size: 13px;
        color: inherit;
      }
      header button[aria-pressed="true"] {
        background: #34465c;
      }
      main {
        padding: 20px;
      }
      main.viewer {
        padding: 0;
      }
      h1 {
        font-size: 20px;
        margin: 0;
      }
      .title {
        display: flex;
        gap: 16px;
        align-items: center;
        margin-bottom: 14px;
      }
      .title button {
        padding: 5px 12px;
        border: 1px solid var(--neuronova-line);
        border-radius: 6px;
        background: var(--neuronova-surface);
      }
      neuronova-upload {
        padding: 20px 20px 0;
      }
      neuronova-viewer {
        height: calc(100vh - 52px);
      }
    `,
  ];
  static override properties = {
    language: { state: true },
    phase: { state: true },
    study: { state: true },
    mayUpload: { state: true },
    isUploading: { state: true },
  };

  declare private language: Language;
  declare private phase: "starting" | "login" | "open" | "unreachable" | "share-over" | "launch-over";
  declare private study: string | undefined;
  declare private mayUpload: boolean;
  /** Whether the upload is to be seen; one that runs goes on out of sight. */
  declare private isUploading: boolean;
  private session = new Session();
  private readonly onNavigation = () => {
    this.study = studyOf(location.pathname);
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
    const permissions = await permissionsOf(session.provider).catch(() => new Set());
    if (session === this.session) this.mayUpload = permissions.has("upload");
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

  protected override render(): TemplateResult {
    document.documentElement.lang = this.language;
    return html`
      <header>
        <a href="/" @click=${this.onHome}>NeuroNova</a>
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
                    ? html`<button type="button" @click=${() => void this.onOrthanc()}>
                        Orthanc Explorer
                      </button>`
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
              ?hidden=${!this.isUploading || this.study !== undefined}
              .patient=${this.session.launched?.patientId}
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
        <neuronova-viewer
          .study=${this.study}
          .language=${this.language}
          .tokenProvider=${this.session.provider}
        ></neuronova-viewer>
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

  private onHome(event: Event): void {
    event.preventDefault();
    history.pushState(null, "", launchedBase() ?? "/");
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
