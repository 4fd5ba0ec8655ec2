import { LitElement, css, html, type TemplateResult } from "lit";
import { launchMessage, type LaunchMessageKey } from "../../localization/launch-messages.js";
import { preferredLanguage, type Language } from "../../localization/messages.js";
import { theme } from "../theme.js";

/** What to tell for each code of docs/errors.md that a launch can end with. */
const TEXTS: Readonly<Record<string, LaunchMessageKey>> = {
  "request-malformed": "launchMalformed",
  "smart-issuer-unknown": "launchIssuerUnknown",
  "smart-state-invalid": "launchStateInvalid",
  "smart-launch-expired": "launchExpired",
  "smart-launch-used": "launchUsed",
  "smart-denied": "launchDenied",
  "smart-refused": "launchRefused",
  "smart-code-refused": "launchCodeRefused",
  "smart-user-unknown": "launchUserUnknown",
  "smart-role-unknown": "launchRoleUnknown",
  "smart-patient-missing": "launchPatientMissing",
  "smart-patient-unknown": "launchPatientUnknown",
  "smart-server-unavailable": "launchServerUnavailable",
  "identity-provider-unavailable": "launchServerUnavailable",
  "launch-over": "launchOver",
};

/**
 * Why an EMR's launch shows nothing: a sentence, and the code to tell whoever helps.
 *
 * @element neuronova-launch-failure
 */
export class NeuronovaLaunchFailure extends LitElement {
  static override styles = [
    theme,
    css`
      section {
        max-width: 520px;
        margin: 12vh auto 0;
        padding: 28px;
        background: var(--neuronova-surface);
        border: 1px solid var(--neuronova-line);
        border-radius: 12px;
      }
      h1 {
        font-size: 20px;
        margin: 0 0 12px;
      }
      p {
        line-height: 1.55;
        margin: 0 0 12px;
      }
      .code {
        color: var(--neuronova-muted);
        font-size: 13px;
        margin: 0;
      }
    `,
  ];
  static override properties = { language: { type: String }, code: { type: String } };

  /** `ko` or `en`; the browser's when not set. */
  declare language: Language;
  declare code: string;

  constructor() {
    super();
    this.language = preferredLanguage();
    this.code = "";
  }

  protected override render(): TemplateResult {
    const text = (key: LaunchMessageKey) => launchMessage(this.language, key);
    return html`
      <section role="alert" lang=${this.language}>
        <h1>${text(this.code === "launch-over" ? "launchOverTitle" : "launchFailedTitle")}</h1>
        <p>${text(TEXTS[this.code] ?? "launchFailedOtherwise")}</p>
        <p class="code">${text("launchCode")}: <code>${this.code}</code></p>
      </section>
    `;
  }
}

customElements.define("neuronova-launch-failure", NeuronovaLaunchFailure);
