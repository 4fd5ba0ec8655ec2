import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { message, type Language } from "../../localization/messages.js";
import { HttpProblem } from "../../session/http.js";
import type { Session } from "../../session/session.js";
import { inherited } from "../theme.js";

/**
 * The page's login.
 *
 * @element neuronova-login-form
 * @fires neuronova-login - the session is open
 */
export class NeuronovaLoginForm extends LitElement {
  static override styles = [
    inherited,
    css`
      form {
        max-width: 340px;
        margin: 12vh auto 0;
        padding: 28px;
        background: var(--neuronova-surface);
        border: 1px solid var(--neuronova-line);
        border-radius: 12px;
        display: grid;
        gap: 14px;
      }
      h1 {
        font-size: 22px;
        margin: 0 0 4px;
      }
      label {
        display: grid;
        gap: 4px;
        font-size: 14px;
        color: var(--neuronova-muted);
      }
      input {
        padding: 9px 12px;
        border: 1px solid var(--neuronova-border);
        border-radius: 8px;
        background: var(--neuronova-surface);
        color: var(--neuronova-ink);
      }
      button {
        padding: 10px;
        border: 0;
        border-radius: 8px;
        background: var(--neuronova-accent);
        color: var(--neuronova-on-accent);
        font-weight: 600;
      }
      .bad {
        color: var(--neuronova-bad);
        font-size: 14px;
        margin: 0;
      }
    `,
  ];
  static override properties = {
    language: { type: String },
    session: { attribute: false },
    failure: { state: true },
    busy: { state: true },
  };

  declare language: Language;
  declare session: Session | undefined;
  declare private failure: string | undefined;
  declare private busy: boolean;

  protected override render(): TemplateResult {
    return html`
      <form @submit=${this.onSubmit}>
        <h1>NeuroNova</h1>
        <label
          >${message(this.language, "username")}<input
            name="username"
            autocomplete="username"
            required
            autofocus
        /></label>
        <label>
          ${message(this.language, "password")}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        ${this.failure === undefined ? nothing : html`<p class="bad" role="alert">${this.failure}</p>`}
        <button type="submit" ?disabled=${this.busy}>${message(this.language, "login")}</button>
      </form>
    `;
  }

  private async onSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    this.failure = undefined;
    try {
      const field = (name: string) => {
        const value = fields.get(name);
        return typeof value === "string" ? value : "";
      };
      await this.session?.login(field("username"), field("password"));
      this.dispatchEvent(new CustomEvent("neuronova-login", { bubbles: true, composed: true }));
    } catch (error) {
      const refused = error instanceof HttpProblem && error.status === 401;
      this.failure = message(this.language, refused ? "loginFailed" : "unreachable");
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("neuronova-login-form", NeuronovaLoginForm);
