import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { listShareLinks, revoke, type ShareLink } from "../../administration/grants.js";
import type { Pages } from "../../administration/pages.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";

/**
 * Links that were shared, of everybody: which are in force, how often they were used, and to revoke them.
 *
 * @element neuronova-admin-links
 */
export class NeuronovaAdminLinks extends AdminSection<Pages<ShareLink>> {
  protected override readonly heading = "links";

  protected override fetchContent(token: TokenProvider): Promise<Pages<ShareLink>> {
    return listShareLinks(this.pages, token);
  }

  protected override renderContent({ items, more }: Pages<ShareLink>): TemplateResult {
    if (items.length === 0) return html`<p>${this.text("linksNone")}</p>`;
    return html`
      <ul class="rows">
        ${repeat(
          items,
          ({ id }) => id,
          (link) => this.renderLink(link),
        )}
      </ul>
      ${more ? this.renderMore() : nothing}
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
