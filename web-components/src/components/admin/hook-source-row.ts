import { html, nothing, type TemplateResult } from "lit";
import type { ApiKey } from "../../administration/grants.js";
import type { HookSource } from "../../administration/hooks.js";
import { adminMessage, moment, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";
import { serverUrl } from "../../session/server.js";

/** Who a source is, what it may tell, and what may come of it. @param keys those whose names are known */
export function hookSourceDetails(
  source: HookSource,
  keys: readonly ApiKey[],
  language: Language,
): TemplateResult {
  const { name, description, types, permissions, labels, issuer, apiKeys, enabled, createdBy, createdAt } =
    source;
  const text = (key: AdminMessageKey, values?: Record<string, string | number>) =>
    adminMessage(language, key, values);
  const what =
    labels.length === 0
      ? text("reachesNothing")
      : labels.includes("*")
        ? text("everyStudy")
        : labels.join(", ");
  return html`
    <div class="what">
      <strong>${name}</strong>
      <span class=${enabled ? "good" : "bad"}>${text(enabled ? "active" : "disabled")}</span>
      ${description === "" ? nothing : html`<p class="sub">${description}</p>`}
      <p class="sub">${text("hookTells", { types: types.join(", ") })}</p>
      <p class="sub">
        ${text("hookIssuerIs", { issuer })} · ${text("hookMay", { permissions: permissions.join(", ") })} ·
        ${text("reaches", { what })}
      </p>
      ${
        apiKeys.length === 0
          ? nothing
          : html`<p class="sub">
              ${text("hookApiKeys", { names: apiKeys.map((id) => keyName(id, keys, language)).join(", ") })}
            </p>`
      }
      <p class="sub">
        ${text("by", { name: createdBy })} · ${moment(createdAt, language)} ·
        <code>${serverUrl(`/api/hooks/${name}`)}</code>
      </p>
    </div>
  `;
}

/** What a key is called, and why it opens nothing if that is so; its number when nothing else is known. */
function keyName(id: number, keys: readonly ApiKey[], language: Language): string {
  const key = keys.find((one) => one.id === id);
  if (key === undefined) return `#${id}`;
  const { name, revokedAt, expiresAt } = key;
  if (revokedAt !== null) return `${name} (${adminMessage(language, "revoked")})`;
  return Date.parse(expiresAt) <= Date.now() ? `${name} (${adminMessage(language, "expired")})` : name;
}
