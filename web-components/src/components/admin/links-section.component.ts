import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { listShareLinks, revoke, type ShareLink } from "../../administration/grants.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";

interface Links {
  readonly links: readonly ShareLink[];
  readonly more: boolean;
}

/**
 * Links that were shared, of everybody: which are in force, how often they were used, and to revoke them.
 *
 * @element neuronova-admin-links
 */
export class NeuronovaAdminLinks extends AdminSection<Links> {
  private pages = 1;
  protected override readonly heading = "links";

  protected override fetchContent(token: TokenProvider): Promise<Links> {
    return listShareLinks(this.pages, token);
  }

  protected override renderContent({ links, more }: Links): TemplateResult {
    if (links.length === 0) return html`<p>${this.text("linksNone")}</p>`;
    return html`
      <ul class="rows">
        ${repeat(
          links,
          ({ id }) => id,
          (link) => this.renderLink(link),
        )}
      </ul>
      ${
        more
          ? html`<p>
              <button
                type="button"
                @click=${() => {
                  this.pages += 1;
                  void this.load();
                }}
              >
                ${this.text("more")}
              </button>
            </p>`
          : nothing
      }
    `;
  }

  private renderLink(link: ShareLink): TemplateResult {
    const { id, note, createdByName, permissions, studyInstanceUids, uses, usesAllowed } = link;
    const name = note || `${this.text("links")} ${id}`;
    const used =
      usesAllowed === null
        ? this.text("uses", { uses })
        : this.text("usesOf", { uses, allowed: usesAllowed });
    return html`
      <li data-link=${id} data-state=${stateOf(link)}>
        <div class="what">
          <strong>${name}</strong>
          <p class="sub">
            ${this.text("by", { name: createdByName })} ·
            ${this.text("studiesOf", { count: studyInstanceUids.length })} · ${permissions.join(", ")} ·
            ${used}
          </p>
          <p class="sub">${studyInstanceUids.join(", ")}</p>
          ${this.renderState(link)}
        </div>
        ${
          link.revokedAt === null
            ? html`<div class="actions">
                ${this.renderConfirmed(
                  `revoke-${id}`,
                  this.text("revoke"),
                  this.text("revokeOf", { name }),
                  () => void this.act((token) => revoke("share-links", id, token)),
                )}
              </div>`
            : nothing
        }
      </li>
    `;
  }

  private renderState(link: ShareLink): TemplateResult {
    const state = stateOf(link);
    if (state === "inForce") {
      const time = moment(link.expiresAt, this.language);
      return html`<span class="good">${this.text(state)} · ${this.text("expires", { time })}</span>`;
    }
    return html`<span class=${state === "revoked" ? "bad" : "sub"}>${this.text(state)}</span>`;
  }
}

function stateOf({ revokedAt, expiresAt, uses, usesAllowed }: ShareLink) {
  if (revokedAt !== null) return "revoked";
  if (Date.parse(expiresAt) <= Date.now()) return "expired";
  return usesAllowed !== null && uses >= usesAllowed ? "usedUp" : "inForce";
}
