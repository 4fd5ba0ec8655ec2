import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { createApiKey, listApiKeys, revoke, type ApiKey } from "../../administration/grants.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { accessFields, accessOf } from "./access-fields.js";
import { AdminSection } from "./admin-section.js";
import { fieldOf } from "./form-fields.js";
import { shownOnce } from "./shown-once.js";

/** Of the server (docs/identity.md). */
const LONGEST_LIFE_DAYS = 366;
const USUAL_LIFE_DAYS = 90;

/**
 * API keys of other programs: which are in force and when they were used; to make and to revoke them.
 *
 * @element neuronova-admin-keys
 */
export class NeuronovaAdminKeys extends AdminSection<readonly ApiKey[]> {
  static override properties = { newKey: { state: true } };
  /** Shown once, in memory until the section is left. */
  declare private newKey: string | undefined;
  protected override readonly heading = "keys";

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("tokenProvider")) this.newKey = undefined;
  }

  protected override fetchContent(token: TokenProvider): Promise<readonly ApiKey[]> {
    return listApiKeys(token);
  }

  protected override renderContent(keys: readonly ApiKey[]): TemplateResult {
    return html`
      <details>
        <summary>${this.text("newKey")}</summary>
        ${this.renderForm()}
      </details>
      ${shownOnce(this.text("keyShownOnce"), this.newKey)}
      ${
        keys.length === 0
          ? html`<p>${this.text("keysNone")}</p>`
          : html`<ul class="rows">
              ${repeat(
                keys,
                ({ id }) => id,
                (key) => this.renderKey(key),
              )}
            </ul>`
      }
    `;
  }

  private renderForm(): TemplateResult {
    return html`
      <form @submit=${(event: SubmitEvent) => void this.create(event)}>
        <label
          >${this.text("keyName")}<input name="name" autocomplete="off" required maxlength="255"
        /></label>
        ${accessFields(this.language)}
        <label>
          ${this.text("validForDays")}
          <input
            name="days"
            type="number"
            min="1"
            max=${LONGEST_LIFE_DAYS}
            value=${USUAL_LIFE_DAYS}
            required
          />
        </label>
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.text("create")}</button>
      </form>
    `;
  }

  private renderKey(key: ApiKey): TemplateResult {
    const { id, name, permissions, labels, createdBy, lastUsedAt, revokedAt, expiresAt } = key;
    const isOver = Date.parse(expiresAt) <= Date.now();
    const time = moment(expiresAt, this.language);
    const lastUsed = lastUsedAt === null ? this.text("never") : moment(lastUsedAt, this.language);
    return html`
      <li data-key=${name}>
        <div class="what">
          <strong>${name}</strong>
          <p class="sub">${permissions.join(", ")} · ${labels.join(", ")}</p>
          <p class="sub">
            ${this.text("by", { name: createdBy })} · ${this.text("lastUsed", { time: lastUsed })}
          </p>
          ${
            revokedAt !== null
              ? html`<span class="bad">${this.text("revoked")}</span>`
              : isOver
                ? html`<span class="sub">${this.text("expired")}</span>`
                : html`<span class="good">${this.text("inForce")} · ${this.text("expires", { time })}</span>`
          }
        </div>
        ${
          revokedAt === null && !isOver
            ? html`<div class="actions">
                ${this.renderConfirmed(
                  `revoke-${id}`,
                  this.text("revoke"),
                  this.text("revokeOf", { name }),
                  () => void this.act((token) => revoke("api-keys", id, token)),
                )}
              </div>`
            : nothing
        }
      </li>
    `;
  }

  private async create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    this.newKey = undefined;
    const done = await this.act(async (token) => {
      this.newKey = await createApiKey(
        {
          name: fieldOf(fields, "name"),
          ...accessOf(fields),
          validForDays: Number(fieldOf(fields, "days")),
        },
        token,
      );
    });
    if (done) form.reset();
  }
}
