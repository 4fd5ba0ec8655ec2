import { html, nothing, type TemplateResult } from "lit";
import type { NewWebhook, Webhook } from "../../administration/webhooks.js";
import { adminMessage, moment, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";

const WHY_DISABLED: Readonly<Record<NonNullable<Webhook["disabledCode"]>, AdminMessageKey>> = {
  "by-person": "disabledByPerson",
  "gave-up": "disabledGaveUp",
  gone: "disabledGone",
};

/** What a webhook is called: what somebody wrote of it, or its address. */
export function webhookName({ description = "", url }: Pick<NewWebhook, "description" | "url">): string {
  return description || url;
}

/** Where a webhook goes, what it is told of, and how its receiver is found. */
export function webhookDetails(webhook: Webhook, language: Language): TemplateResult {
  const { url, description, events, filter, createdBy, succeededAt } = webhook;
  const text = (key: AdminMessageKey, values?: Record<string, string | number>) =>
    adminMessage(language, key, values);
  const among = [...filter.modalities, ...filter.labels].join(", ");
  const time = succeededAt === null ? text("never") : moment(succeededAt, language);
  return html`
    <div class="what">
      <strong>${webhookName(webhook)}</strong> ${webhookState(webhook, language)}
      ${description === "" ? nothing : html`<p class="sub">${url}</p>`}
      <p class="sub">
        ${events.join(", ")} · ${among === "" ? text("everyStudy") : text("webhookAmong", { among })}
      </p>
      <p class="sub">${text("by", { name: createdBy })} · ${text("lastDelivered", { time })}</p>
    </div>
  `;
}

function webhookState(webhook: Webhook, language: Language): TemplateResult {
  const { enabled, disabledCode, failures, failingSince } = webhook;
  if (!enabled)
    return html`<span class="bad"
      >${adminMessage(language, disabledCode === null ? "disabled" : WHY_DISABLED[disabledCode])}</span
    >`;
  if (failures === 0 || failingSince === null)
    return html`<span class="good">${adminMessage(language, "active")}</span>`;
  const time = moment(failingSince, language);
  return html`<span class="warn">${adminMessage(language, "failing", { count: failures, time })}</span>`;
}
