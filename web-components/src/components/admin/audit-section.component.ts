import { html, nothing, type TemplateResult } from "lit";
import {
  AUDIT_OUTCOMES,
  EVERYTHING,
  searchAudit,
  verifyAudit,
  type AuditEntry,
  type AuditPage,
  type AuditQuery,
  type Verification,
} from "../../administration/audit.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import { fieldOf } from "./form-fields.js";

/**
 * Who saw whose data, and whether the trail of it is whole. Looking is recorded, too.
 *
 * @element neuronova-admin-audit
 */
export class NeuronovaAdminAudit extends AdminSection<AuditPage> {
  static override properties = { verification: { state: true }, isVerifying: { state: true } };
  declare private verification: Verification | undefined;
  declare private isVerifying: boolean;
  private query: AuditQuery = EVERYTHING;
  protected override readonly heading = "audit";

  constructor() {
    super();
    this.isVerifying = false;
  }

  protected override fetchContent(token: TokenProvider): Promise<AuditPage> {
    return searchAudit(this.query, null, token);
  }

  protected override renderContent({ entries, next }: AuditPage): TemplateResult {
    return html`
      ${this.renderChain()} ${this.renderForm()}
      ${entries.length === 0 ? html`<p>${this.text("auditNone")}</p>` : this.renderTable(entries)}
      ${
        next === null
          ? nothing
          : html`<p>
              <button type="button" ?disabled=${this.busy} @click=${() => void this.more(next)}>
                ${this.text("more")}
              </button>
            </p>`
      }
    `;
  }

  private renderChain(): TemplateResult {
    return html`
      <h3>${this.text("chain")}</h3>
      <p>
        <button type="button" ?disabled=${this.isVerifying} @click=${() => void this.verify()}>
          ${this.text(this.isVerifying ? "verifying" : "verify")}
        </button>
      </p>
      <div role="status" data-chain=${this.verification?.valid ?? "unknown"}>
        ${this.renderVerification()}
      </div>
    `;
  }

  private renderVerification(): TemplateResult | typeof nothing {
    const { verification } = this;
    if (verification === undefined) return nothing;
    if (!verification.valid) {
      const { firstBadSequence: sequence, problem } = verification;
      return html`<p class="bad">${this.text("chainBroken", { sequence, problem })}</p>`;
    }
    const { firstSequence: first, lastSequence: last, records: count, waiting, lastHash } = verification;
    return html`
      <p class="good">${this.text("chainValid", { first, last, count, waiting })}</p>
      <p class="sub">${this.text("chainHash")}: <code>${lastHash}</code></p>
    `;
  }

  private renderForm(): TemplateResult {
    return html`
      <h3>${this.text("search")}</h3>
      <form @submit=${(event: SubmitEvent) => void this.search(event)}>
        <label>${this.text("auditUser")}<input name="user" autocomplete="off" /></label>
        <label>${this.text("auditPatient")}<input name="patient" autocomplete="off" /></label>
        <label>${this.text("auditStudy")}<input name="study" autocomplete="off" maxlength="64" /></label>
        <label>
          ${this.text("auditOutcome")}
          <select name="outcome">
            <option value="">${this.text("all")}</option>
            ${AUDIT_OUTCOMES.map((outcome) => html`<option value=${outcome}>${this.text(outcome)}</option>`)}
          </select>
        </label>
        <label>${this.text("from")}<input name="from" type="date" /></label>
        <label>${this.text("to")}<input name="to" type="date" /></label>
        <button type="submit" class="primary">${this.text("search")}</button>
      </form>
    `;
  }

  private renderTable(entries: readonly AuditEntry[]): TemplateResult {
    return html`
      <div class="scroll" role="region" tabindex="0" aria-label=${this.text("auditTable")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${this.text("when")}</th>
              <th scope="col">${this.text("who")}</th>
              <th scope="col">${this.text("what")}</th>
              <th scope="col">${this.text("outcome")}</th>
              <th scope="col">${this.text("whose")}</th>
              <th scope="col">${this.text("source")}</th>
            </tr>
          </thead>
          <tbody>
            ${entries.map((entry) => this.renderEntry(entry))}
          </tbody>
        </table>
      </div>
    `;
  }

  private renderEntry(entry: AuditEntry): TemplateResult {
    const none = this.text("none");
    const { outcome, reason, requests } = entry;
    return html`
      <tr data-entry=${entry.id} data-action=${entry.action}>
        <td>${moment(entry.firstAt, this.language)}</td>
        <td>
          ${entry.displayName || none}
          <div class="sub">${entry.subject}</div>
        </td>
        <td>
          ${entry.action}
          <div class="sub">${entry.target}</div>
        </td>
        <td>
          <span class=${outcome === "granted" ? "" : "bad"}>${this.text(outcome)}</span>
          <div class="sub">
            ${reason ?? (requests > 1 ? this.text("requests", { count: requests }) : nothing)}
          </div>
        </td>
        <td>
          ${entry.patientId ?? none}
          <div class="sub">${entry.studyInstanceUid ?? nothing}</div>
        </td>
        <td>${entry.sourceAddress}</td>
      </tr>
    `;
  }

  private async search(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const field = (name: keyof AuditQuery) => fieldOf(fields, name);
    this.query = {
      user: field("user"),
      patient: field("patient"),
      study: field("study"),
      outcome: field("outcome"),
      from: field("from"),
      to: field("to"),
    };
    await this.load();
  }

  private async more(before: number): Promise<void> {
    const { content, tokenProvider, query } = this;
    if (content === undefined || tokenProvider === undefined) return;
    try {
      const older = await searchAudit(query, before, tokenProvider);
      if (this.content === content)
        this.content = { entries: [...content.entries, ...older.entries], next: older.next };
    } catch (error) {
      this.fail(error);
    }
  }

  private async verify(): Promise<void> {
    const { tokenProvider } = this;
    if (tokenProvider === undefined) return;
    this.isVerifying = true;
    this.verification = undefined;
    try {
      this.verification = await verifyAudit(tokenProvider);
    } catch (error) {
      this.fail(error);
    } finally {
      this.isVerifying = false;
    }
  }
}
