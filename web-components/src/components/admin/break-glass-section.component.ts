import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { acknowledge, listBreakGlass, type BreakGlassAccess } from "../../administration/break-glass.js";
import { revoke } from "../../administration/grants.js";
import type { Pages } from "../../administration/pages.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import { fieldOf } from "./form-fields.js";
import { roleName } from "./role-name.js";

/**
 * Accesses out of somebody's reach that were asked for with a reason: to look into them, and to end those in force.
 *
 * @element neuronova-admin-break-glass
 */
export class NeuronovaAdminBreakGlass extends AdminSection<Pages<BreakGlassAccess>> {
  static override properties = { answering: { state: true } };
  /** Only what nobody has looked into yet. */
  private openOnly = false;
  /** The access that is being acknowledged. */
  declare private answering: number | undefined;
  protected override readonly heading = "break-glass";

  protected override fetchContent(token: TokenProvider): Promise<Pages<BreakGlassAccess>> {
    return listBreakGlass(this.openOnly ? "open" : "all", this.pages, token);
  }

  protected override renderContent({ items, more }: Pages<BreakGlassAccess>): TemplateResult {
    return html`
      <label class="choice">
        <input type="checkbox" @change=${(event: Event) => void this.narrow(event)} />
        ${this.text("accessesOpenOnly")}
      </label>
      ${
        items.length === 0
          ? html`<p>${this.text(this.openOnly ? "accessesNoneOpen" : "accessesNone")}</p>`
          : html`<ul class="rows">
              ${repeat(
                items,
                ({ id }) => id,
                (access) => this.renderAccess(access),
              )}
            </ul>`
      }
      ${more ? this.renderMore() : nothing}
    `;
  }

  private renderAccess(access: BreakGlassAccess): TemplateResult {
    const { id, subject, displayName, role, studyInstanceUid, reason, sourceAddress, grantedAt } = access;
    return html`
      <li data-access=${id} data-state=${stateOf(access)}>
        <div class="what">
          <strong>${displayName}</strong>
          <span class="sub">${subject} · ${roleName(role, this.language)} · ${sourceAddress}</span>
          <p>${reason}</p>
          <p class="sub">
            ${moment(grantedAt, this.language)} ·
            ${
              studyInstanceUid === null
                ? this.text("accessToPatient")
                : this.text("accessToStudy", { study: studyInstanceUid })
            }
          </p>
          ${this.renderState(access)} ${this.renderAcknowledgement(access)}
        </div>
        <div class="actions">
          ${
            access.acknowledgedAt === null
              ? html`<button
                  type="button"
                  aria-label=${this.text("acknowledgeOf", { name: displayName })}
                  aria-expanded=${this.answering === id ? "true" : "false"}
                  @click=${() => (this.answering = this.answering === id ? undefined : id)}
                >
                  ${this.text("acknowledge")}
                </button>`
              : nothing
          }
          ${
            stateOf(access) === "in-force"
              ? this.renderConfirmed(
                  `end-${id}`,
                  this.text("end"),
                  this.text("endOf", { name: displayName }),
                  () => void this.act((token) => revoke("break-glass", id, token)),
                )
              : nothing
          }
        </div>
        ${this.answering === id ? this.renderForm(id) : nothing}
      </li>
    `;
  }

  private renderState(access: BreakGlassAccess): TemplateResult {
    const { expiresAt, endedAt, endedBy } = access;
    if (endedAt !== null) {
      const time = moment(endedAt, this.language);
      return html`<span class="sub">${this.text("endedBy", { name: endedBy ?? "", time })}</span>`;
    }
    const until = this.text("expires", { time: moment(expiresAt, this.language) });
    return stateOf(access) === "in-force"
      ? html`<span class="warn">${this.text("inForce")} · ${until}</span>`
      : html`<span class="sub">${this.text("expired")} · ${until}</span>`;
  }

  private renderAcknowledgement({ acknowledgedAt, acknowledgedBy, acknowledgement }: BreakGlassAccess) {
    if (acknowledgedAt === null) return html`<p><span class="bad">${this.text("notAcknowledged")}</span></p>`;
    const time = moment(acknowledgedAt, this.language);
    return html`<p>
      <span class="good">${this.text("acknowledgedBy", { name: acknowledgedBy ?? "", time })}</span>
      ${acknowledgement}
    </p>`;
  }

  private renderForm(id: number): TemplateResult {
    return html`
      <form class="short" @submit=${(event: SubmitEvent) => void this.acknowledge(event, id)}>
        <label>
          ${this.text("acknowledgement")}
          <input name="comment" required maxlength="1000" autocomplete="off" />
        </label>
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.text("acknowledge")}</button>
        <button type="button" @click=${() => (this.answering = undefined)}>${this.text("cancel")}</button>
      </form>
    `;
  }

  private async narrow(event: Event): Promise<void> {
    this.openOnly = (event.target as HTMLInputElement).checked;
    this.pages = 1;
    await this.load();
  }

  private async acknowledge(event: SubmitEvent, id: number): Promise<void> {
    event.preventDefault();
    const comment = fieldOf(new FormData(event.target as HTMLFormElement), "comment");
    const done = await this.act((token) => acknowledge(id, comment, token));
    if (done) this.answering = undefined;
  }
}

function stateOf({ endedAt, expiresAt }: BreakGlassAccess): "in-force" | "over" {
  return endedAt === null && Date.parse(expiresAt) > Date.now() ? "in-force" : "over";
}
