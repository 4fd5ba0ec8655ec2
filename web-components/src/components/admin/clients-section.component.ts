import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { listClients, registerClient, type OAuthClient } from "../../administration/clients.js";
import { revoke } from "../../administration/grants.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import { clientOf, newClientForm, type KeysPlace } from "./new-client-form.js";

/**
 * Programs that get tokens by client_credentials: what each may do and where its keys are; to register and revoke them.
 *
 * @element neuronova-admin-clients
 */
export class NeuronovaAdminClients extends AdminSection<readonly OAuthClient[]> {
  static override properties = { keysPlace: { state: true } };
  /** What the form asks for. */
  declare private keysPlace: KeysPlace;
  protected override readonly heading = "clients";

  constructor() {
    super();
    this.keysPlace = "inline";
  }

  protected override fetchContent(token: TokenProvider): Promise<readonly OAuthClient[]> {
    return listClients(token);
  }

  protected override renderContent(clients: readonly OAuthClient[]): TemplateResult {
    return html`
      <details>
        <summary>${this.text("newClient")}</summary>
        ${newClientForm({
          language: this.language,
          keysPlace: this.keysPlace,
          busy: this.busy,
          onKeysPlace: (place) => (this.keysPlace = place),
          onSubmit: (form) => void this.register(form),
        })}
      </details>
      ${
        clients.length === 0
          ? html`<p>${this.text("clientsNone")}</p>`
          : html`<ul class="rows">
              ${repeat(
                clients,
                ({ clientId }) => clientId,
                (client) => this.renderClient(client),
              )}
            </ul>`
      }
    `;
  }

  private renderClient(client: OAuthClient): TemplateResult {
    const { clientId, name, permissions, labels, jwks, jwksUri, createdBy, createdAt, revokedAt } = client;
    const kids = jwks?.keys.map(({ kid = this.text("none") }) => kid).join(", ");
    return html`
      <li data-client=${clientId}>
        <div class="what">
          <strong>${name}</strong> <span class="sub">${clientId}</span>
          <p class="sub">${permissions.join(", ")} · ${labels.join(", ")}</p>
          <p class="sub">${this.text("keysOf", { what: kids ?? jwksUri ?? this.text("none") })}</p>
          <p class="sub">${this.text("by", { name: createdBy })} · ${moment(createdAt, this.language)}</p>
          ${
            revokedAt === null
              ? html`<span class="good">${this.text("inForce")}</span>`
              : html`<span class="bad">${this.text("revoked")}</span> · ${moment(revokedAt, this.language)}`
          }
        </div>
        ${
          revokedAt === null
            ? html`<div class="actions">
                ${this.renderConfirmed(
                  `revoke-${clientId}`,
                  this.text("revoke"),
                  this.text("revokeOf", { name: clientId }),
                  () => void this.act((token) => revoke("clients", clientId, token)),
                )}
              </div>`
            : nothing
        }
      </li>
    `;
  }

  private async register(form: HTMLFormElement): Promise<void> {
    const client = clientOf(new FormData(form));
    const done = await this.act(async (token) => {
      await registerClient(client, token);
      return this.text("clientRegistered", { name: client.clientId });
    });
    if (!done) return;
    form.reset();
    this.keysPlace = "inline";
  }
}
