import { html, nothing, type TemplateResult } from "lit";
import { revoke } from "../../administration/grants.js";
import {
  createWebhook,
  enableWebhook,
  listDeliveries,
  listWebhooks,
  ping,
  redeliver,
  rotateSecret,
  type DeliveryState,
  type Webhook,
} from "../../administration/webhooks.js";
import { ConnectedSystemsSection } from "./connected-systems-section.js";
import type { SystemCalls, SystemWords } from "./connected-systems.js";
import { newWebhookForm, webhookOf } from "./new-webhook-form.js";
import type { ProblemWords } from "./problem-words.js";
import { DELIVERY_WORDS, deliveryEntry } from "./webhook-deliveries.js";
import { webhookDetails, webhookName } from "./webhook-row.js";

/**
 * Other systems that are told of events: to subscribe, try out, stop and remove them, and what was delivered.
 *
 * @element neuronova-admin-webhooks
 */
export class NeuronovaAdminWebhooks extends ConnectedSystemsSection<Webhook, DeliveryState> {
  protected override readonly heading = "webhooks";
  protected override readonly problemWords: ProblemWords = { "not-configured": "webhooksNotConfigured" };
  protected override readonly words: SystemWords<DeliveryState> = {
    add: "newWebhook",
    none: "webhooksNone",
    log: DELIVERY_WORDS,
  };
  protected override readonly calls: SystemCalls<Webhook, DeliveryState> = {
    list: listWebhooks,
    log: async ({ id }, state, pages, token) => {
      const { items, more } = await listDeliveries(id, state, pages, token);
      return { items: items.map(deliveryEntry), more };
    },
    enable: ({ id }, enabled, token) => enableWebhook(id, enabled, token),
    rotate: ({ id }, overlapHours, token) => rotateSecret(id, overlapHours, token),
    remove: ({ id }, token) => revoke("webhooks", id, token),
    repeat: ({ id }, delivery, token) => redeliver(id, delivery, token),
  };

  protected override idOf({ id }: Webhook): string {
    return String(id);
  }

  protected override nameOf(webhook: Webhook): string {
    return webhookName(webhook);
  }

  protected override renderForm(): TemplateResult {
    return newWebhookForm({
      language: this.language,
      busy: this.busy,
      onSubmit: (form) => void this.create(form),
    });
  }

  protected override renderDetails(webhook: Webhook): TemplateResult {
    return webhookDetails(webhook, this.language);
  }

  protected override renderOwnActions(webhook: Webhook): TemplateResult | typeof nothing {
    return webhook.enabled ? this.renderPlain("ping", webhook, () => void this.ping(webhook)) : nothing;
  }

  protected override renderLogActions({ id }: Webhook): TemplateResult {
    const onClick = () =>
      void this.act(async (token) => this.text("replayed", { count: await redeliver(id, "failed", token) }));
    return html`<button type="button" ?disabled=${this.busy} @click=${onClick}>
      ${this.text("redeliverFailed")}
    </button>`;
  }

  private async create(form: HTMLFormElement): Promise<void> {
    const webhook = webhookOf(new FormData(form));
    if (await this.add(webhookName(webhook), (token) => createWebhook(webhook, token))) form.reset();
  }

  /** What comes of it stands in the deliveries, which are opened. */
  private async ping({ id }: Webhook): Promise<void> {
    this.showLog({ system: String(id), state: undefined });
    await this.act(async (token) => {
      await ping(id, token);
      return this.text("pinged");
    });
  }
}
