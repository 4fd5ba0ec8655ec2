import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { html as staticHtml, literal, type StaticValue } from "lit/static-html.js";
import { loadMe, type Me } from "../../session/me.js";
import { adminMessage, type AdminMessageKey } from "../../localization/admin-messages.js";
import { preferredLanguage, type Language } from "../../localization/messages.js";
import { HttpProblem } from "../../session/http.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { inherited } from "../theme.js";
import { styles } from "./admin.styles.js";
import { roleName } from "./role-name.js";
import { SECTIONS, type SectionName } from "./sections.js";

const TAGS: Readonly<Record<SectionName, StaticValue>> = {
  health: literal`neuronova-admin-health`,
  users: literal`neuronova-admin-users`,
  keys: literal`neuronova-admin-keys`,
  clients: literal`neuronova-admin-clients`,
  links: literal`neuronova-admin-links`,
  "break-glass": literal`neuronova-admin-break-glass`,
  webhooks: literal`neuronova-admin-webhooks`,
  hooks: literal`neuronova-admin-hooks`,
  models: literal`neuronova-admin-models`,
  queues: literal`neuronova-admin-queues`,
  outbox: literal`neuronova-admin-outbox`,
  audit: literal`neuronova-admin-audit`,
};

/** A section was chosen. */
export type SectionOpenEvent = CustomEvent<{ readonly section: SectionName }>;

declare global {
  interface HTMLElementEventMap {
    "neuronova-section-open": SectionOpenEvent;
  }
}

/**
 * The administrators' page: the sections that the account may see, one at a time. Others are told that it is not for them.
 *
 * @element neuronova-admin
 * @fires neuronova-section-open - {section}
 */
export class NeuronovaAdmin extends LitElement {
  static override styles = [
    inherited,
    styles,
    css`
      .page {
        display: grid;
        grid-template-columns: 170px minmax(0, 1fr);
        gap: 24px;
      }
      nav ul {
        display: grid;
        gap: 2px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      nav a {
        display: block;
        padding: 7px 12px;
        border-radius: 7px;
        color: var(--neuronova-ink);
        text-decoration: none;
        font-size: 14.5px;
      }
      nav a:hover {
        background: var(--neuronova-hover);
      }
      nav a[aria-current] {
        background: var(--neuronova-accent);
        color: var(--neuronova-on-accent);
      }
      h1 {
        margin: 0 0 14px;
        font-size: 20px;
      }
      @media (max-width: 760px) {
        .page {
          grid-template-columns: minmax(0, 1fr);
          gap: 14px;
        }
        nav ul {
          display: flex;
          flex-wrap: wrap;
        }
      }
    `,
  ];
  static override properties = {
    section: { type: String },
    language: { type: String },
    tokenProvider: { attribute: false },
    me: { state: true },
    failure: { state: true },
  };

  /** `first` is the first that the account may see. */
  declare section: SectionName | "first";
  declare language: Language;
  declare tokenProvider: TokenProvider | undefined;
  declare private me: Me | undefined;
  declare private failure: string | undefined;

  constructor() {
    super();
    this.section = "first";
    this.language = preferredLanguage();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("tokenProvider")) return;
    this.me = undefined;
    this.failure = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("tokenProvider")) void this.load();
  }

  private async load(): Promise<void> {
    const { tokenProvider } = this;
    if (tokenProvider === undefined) return;
    this.failure = undefined;
    try {
      const me = await loadMe(tokenProvider);
      if (tokenProvider === this.tokenProvider) this.me = me;
    } catch (error) {
      if (tokenProvider !== this.tokenProvider) return;
      this.failure = error instanceof HttpProblem ? error.message : this.text("unreachable");
    }
  }

  private text(key: AdminMessageKey, values?: Record<string, string | number>): string {
    return adminMessage(this.language, key, values);
  }

  protected override render(): TemplateResult {
    return html`<h1>${this.text("administration")}</h1>
      ${this.renderPage()}`;
  }

  private renderPage(): TemplateResult {
    const { me, failure } = this;
    if (failure !== undefined)
      return html`<div role="alert" class="bad">
        <p>${this.text("loadFailed")}: ${failure}</p>
        <button type="button" @click=${() => void this.load()}>${this.text("retry")}</button>
      </div>`;
    if (me === undefined) return html`<p role="status">${this.text("loading")}</p>`;
    const allowed = SECTIONS.filter(({ needs }) => me.permissions.includes(needs));
    const first = allowed[0]?.name;
    if (first === undefined) return this.renderRefusal(me);
    const current = this.section === "first" ? first : this.section;
    return html`
      <div class="page">
        <nav aria-label=${this.text("sections")}>
          <ul>
            ${allowed.map(
              ({ name }) => html`
                <li>
                  <a
                    href="/admin/${name}"
                    aria-current=${name === current ? "page" : nothing}
                    @click=${(event: MouseEvent) => this.onSection(event, name)}
                    >${this.text(name)}</a
                  >
                </li>
              `,
            )}
          </ul>
        </nav>
        <div>
          ${
            allowed.some(({ name }) => name === current)
              ? this.renderSection(current)
              : html`<p role="alert">${this.text("sectionNotForAccount")}</p>`
          }
        </div>
      </div>
    `;
  }

  private renderRefusal({ role }: Me): TemplateResult {
    return html`<div role="alert" class="refusal">
      <h2>${this.text("notForAccount")}</h2>
      <p>
        ${this.text("notForAccountWhy", {
          role: role === null ? this.text("none") : roleName(role, this.language),
        })}
      </p>
    </div>`;
  }

  /** The element of a section is named after it. */
  private renderSection(name: SectionName): TemplateResult {
    const tag = TAGS[name];
    return staticHtml`<${tag} .language=${this.language} .tokenProvider=${this.tokenProvider}></${tag}>`;
  }

  private onSection(event: MouseEvent, section: SectionName): void {
    // Another tab or window is the browser's business.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const options = { detail: { section }, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent("neuronova-section-open", options));
  }
}
