import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import {
  SHORTEST_PASSWORD,
  USER_ROLES,
  changeAccount,
  createAccount,
  listAccounts,
  setPassword,
  type AccountDetails,
} from "../../administration/accounts.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import { accountOf, newAccountForm } from "./new-account-form.js";

/**
 * Accounts: who there is and may do what; to create, disable, give another role or password.
 *
 * @element neuronova-admin-users
 */
export class NeuronovaAdminUsers extends AdminSection<readonly AccountDetails[]> {
  static override properties = { newRole: { state: true }, resetting: { state: true } };
  /** The role in the form, which decides what else it asks for. */
  declare private newRole: string;
  /** The account whose password is being set. */
  declare private resetting: number | undefined;
  protected override readonly heading = "users";

  constructor() {
    super();
    this.newRole = "doctor";
  }

  protected override fetchContent(token: TokenProvider): Promise<readonly AccountDetails[]> {
    return listAccounts(token);
  }

  protected override renderContent(accounts: readonly AccountDetails[]): TemplateResult {
    return html`
      <details>
        <summary>${this.text("newUser")}</summary>
        ${newAccountForm({
          language: this.language,
          role: this.newRole,
          busy: this.busy,
          onRole: (role) => (this.newRole = role),
          onSubmit: (form) => void this.create(form),
        })}
      </details>
      ${
        accounts.length === 0
          ? html`<p>${this.text("usersNone")}</p>`
          : html`<ul class="rows">
              ${repeat(
                accounts,
                ({ id }) => id,
                (account) => this.renderAccount(account),
              )}
            </ul>`
      }
    `;
  }

  private renderAccount(account: AccountDetails): TemplateResult {
    const { id, username, displayName, disabled } = account;
    return html`
      <li data-account=${username} data-state=${disabled ? "disabled" : "active"}>
        <div class="what">
          <strong>${displayName}</strong> <span class="sub">${username}</span>
          <p class="sub">${this.reachOf(account)}</p>
          ${this.renderState(account)}
        </div>
        <div class="actions">
          <select
            aria-label=${this.text("roleOf", { name: username })}
            ?disabled=${this.busy}
            @change=${(event: Event) => void this.changeRole(account, event.target as HTMLSelectElement)}
          >
            ${USER_ROLES.map(
              (role) =>
                html`<option value=${role} .selected=${role === account.role}>${this.text(role)}</option>`,
            )}
          </select>
          <button type="button" @click=${() => (this.resetting = this.resetting === id ? undefined : id)}>
            ${this.text("newPassword")}
          </button>
          ${
            disabled
              ? html`<button
                  type="button"
                  ?disabled=${this.busy}
                  @click=${() => void this.setDisabled(account, false)}
                >
                  ${this.text("enable")}
                </button>`
              : this.renderConfirmed(
                  `disable-${id}`,
                  this.text("disable"),
                  `${this.text("disable")}: ${username}`,
                  () => void this.setDisabled(account, true),
                )
          }
        </div>
        ${this.resetting === id ? this.renderReset(account) : nothing}
      </li>
    `;
  }

  private renderState({ disabled, lockedUntil }: AccountDetails): TemplateResult {
    if (disabled) return html`<span class="bad">${this.text("disabled")}</span>`;
    if (lockedUntil !== null && Date.parse(lockedUntil) > Date.now()) {
      const time = moment(lockedUntil, this.language);
      return html`<span class="warn">${this.text("lockedUntil", { time })}</span>`;
    }
    return html`<span class="good">${this.text("active")}</span>`;
  }

  private reachOf({ role, labels, patient }: AccountDetails): string {
    if (role === "patient") return this.text("reaches", { what: patient?.patientId ?? "" });
    if (labels.length === 0) return this.text("reaches", { what: this.text("reachesNothing") });
    const what = labels.includes("*") ? this.text("everyStudy") : labels.join(", ");
    return this.text("reaches", { what });
  }

  private renderReset(account: AccountDetails): TemplateResult {
    return html`
      <form class="short" @submit=${(event: SubmitEvent) => void this.reset(event, account)}>
        <label>
          ${this.text("newPasswordOf", { name: account.username })}
          <input
            name="password"
            type="password"
            autocomplete="new-password"
            required
            minlength=${SHORTEST_PASSWORD}
          />
        </label>
        <button type="submit" class="primary" ?disabled=${this.busy}>${this.text("setPassword")}</button>
        <button type="button" @click=${() => (this.resetting = undefined)}>${this.text("cancel")}</button>
      </form>
    `;
  }

  private async create(form: HTMLFormElement): Promise<void> {
    const account = accountOf(new FormData(form));
    const done = await this.act(async (token) => {
      await createAccount(account, token);
      return this.text("created", { name: account.username });
    });
    if (!done) return;
    form.reset();
    this.newRole = "doctor";
  }

  private async changeRole(account: AccountDetails, select: HTMLSelectElement): Promise<void> {
    const role = select.value;
    // What stands there is what the server has.
    select.value = account.role;
    await this.act(async (token) => {
      await changeAccount(account.id, { role }, token);
      select.value = role;
      return this.text("roleChanged", { name: account.username });
    });
  }

  private async setDisabled({ id }: AccountDetails, disabled: boolean): Promise<void> {
    await this.act(async (token) => {
      await changeAccount(id, { disabled }, token);
    });
  }

  private async reset(event: SubmitEvent, { id, username }: AccountDetails): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    // A password is taken as it is, spaces too.
    const password = fields.get("password");
    if (typeof password !== "string") return;
    const done = await this.act(async (token) => {
      await setPassword(id, password, token);
      return this.text("passwordSet", { name: username });
    });
    if (done) this.resetting = undefined;
  }
}
