import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { revoke } from "../../administration/grants.js";
import type { Pages } from "../../administration/pages.js";
import {
  createWebhook,
  enableWebhook,
  listDeliveries,
  listWebhooks,
  ping,
  redeliver,
  rotateSecret,
  type Delivery,
  type DeliveryState,
  type Webhook,
} from "../../administration/webhooks.js";
import { moment } from "../../localization/admin-messages.js";
import type { TokenProvider } from "../../session/token-provider.js";
import { AdminSection } from "./admin-section.js";
import { newWebhookForm, webhookOf } from "./new-webhook-form.js";
import { shownOnce } from "./shown-once.js";
import { webhookDeliveries } from "./webhook-deliveries.js";
import { webhookDetails, webhookName } from "./webhook-row.js";

interface Webhooks {
  readonly webhooks: readonly Webhook[];
  /** Of the one that is opened, as it was asked for. */
  readonly deliveries: (Pages<Delivery> & Opened) | undefined;
}

/** Whose deliveries are shown, and of which state. */
interface Opened {
  readonly webhook: number;
  readonly state: DeliveryState | undefined;
}

/**
 * Other systems that are told of events: to subscribe, try out, stop and remove them, and what was delivered.
 *
 * @element neuronova-admin-webhooks
 */
export class NeuronovaAdminWebhooks extends AdminSection<Webhooks> {
  static override properties = { secret: { state: true }, opened: { state: true } };
  /** Shown once, in memory until the section is left. */
  declare private secret: { readonly name: string; readonly value: string } | undefined;
  declare private opened: Opened | undefined;
  protected override readonly heading = "webhooks";
  protected override readonly pollMilliseconds = 5_000;

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("tokenProvider")) this.secret = undefined;
  }

  protected override async fetchContent(token: TokenProvider): Promise<Webhooks> {
    const { opened, pages } = this;
    const webhooks = await listWebhooks(token);
    // Somebody else may have removed it.
    if (opened === undefined || !webhooks.some(({ id }) => id === opened.webhook))
      return { webhooks, deliveries: undefined };
    const found = await listDeliveries(opened.webhook, opened.state, pages, token);
    return { webhooks, deliveries: { ...found, ...opened } };
  }

  protected override renderContent({ webhooks, deliveries }: Webhooks): TemplateResult {
    return html`
      <details>
        <summary>${this.text("newWebhook")}</summary>
        ${newWebhookForm({
          language: this.language,
          busy: this.busy,
          onSubmit: (form) => void this.create(form),
        })}
      </details>
      ${shownOnce(this.text("secretShownOnce", { name: this.secret?.name ?? "" }), this.secret?.value)}
      ${
        webhooks.length === 0
          ? html`<p>${this.text("webhooksNone")}</p>`
          : html`<ul class="rows">
              ${repeat(
                webhooks,
                ({ id }) => id,
                (webhook) => this.renderWebhook(webhook, deliveries),
              )}
            </ul>`
      }
    `;
  }

  private renderWebhook(webhook: Webhook, deliveries: Webhooks["deliveries"]): TemplateResult {
    const { id, enabled } = webhook;
    const isOpened = this.opened?.webhook === id;
    return html`
      <li data-webhook=${id} data-state=${enabled ? "enabled" : "disabled"}>
        ${webhookDetails(webhook, this.language)}
        <div class="actions">
          <button
            type="button"
            aria-expanded=${isOpened ? "true" : "false"}
            @click=${() => void this.show(isOpened ? undefined : { webhook: id, state: undefined })}
          >
            ${this.text("deliveries")}
          </button>
          ${this.renderActions(webhook)}
        </div>
        ${isOpened ? this.renderDeliveries(id, deliveries) : nothing}
      </li>
    `;
  }

  private renderActions(webhook: Webhook): readonly TemplateResult[] {
    const { id, enabled } = webhook;
    const name = webhookName(webhook);
    const confirmed = (key: "disable" | "newSecret" | "remove", work: () => void) =>
      this.renderConfirmed(`${key}-${id}`, this.text(key), `${this.text(key)}: ${name}`, work);
    const setEnabled = (to: boolean) => void this.act((token) => enableWebhook(id, to, token));
    const plain = (key: "enable" | "ping", work: () => void) =>
      html`<button
        type="button"
        aria-label=${`${this.text(key)}: ${name}`}
        ?disabled=${this.busy}
        @click=${work}
      >
        ${this.text(key)}
      </button>`;
    return [
      ...(enabled ? [plain("ping", () => void this.ping(id))] : []),
      confirmed("newSecret", () => void this.rotate(webhook)),
      enabled ? confirmed("disable", () => setEnabled(false)) : plain("enable", () => setEnabled(true)),
      confirmed("remove", () => void this.act((token) => revoke("webhooks", id, token))),
    ];
  }

  private renderDeliveries(id: number, deliveries: Webhooks["deliveries"]): TemplateResult {
    const state = this.opened?.state;
    // What stands there is of what was asked for before, until it is fetched.
    const found = deliveries?.webhook === id && deliveries.state === state ? deliveries : undefined;
    return html`<div class="within">
      ${webhookDeliveries({
        language: this.language,
        deliveries: found?.items,
        shown: state,
        busy: this.busy,
        onShow: (shown) => void this.show({ webhook: id, state: shown }),
        onRedeliver: (which) => void this.redeliver(id, which),
      })}
      ${found?.more === true ? this.renderMore() : nothing}
    </div>`;
  }

  private async show(opened: Opened | undefined): Promise<void> {
    this.opened = opened;
    this.pages = 1;
    await this.load();
  }

  private async create(form: HTMLFormElement): Promise<void> {
    const webhook = webhookOf(new FormData(form));
    this.secret = undefined;
    const done = await this.act(async (token) => {
      const value = await createWebhook(webhook, token);
      this.secret = { name: webhookName(webhook), value };
    });
    if (done) form.reset();
  }

  private async rotate(webhook: Webhook): Promise<void> {
    this.secret = undefined;
    await this.act(async (token) => {
      const { secret, formerUntil } = await rotateSecret(webhook.id, token);
      this.secret = { name: webhookName(webhook), value: secret };
      return this.text("formerSecretUntil", { time: moment(formerUntil, this.language) });
    });
  }

  /** What comes of it stands in the deliveries, which are opened. */
  private async ping(id: number): Promise<void> {
    this.opened = { webhook: id, state: undefined };
    this.pages = 1;
    await this.act(async (token) => {
      await ping(id, token);
      return this.text("pinged");
    });
  }

  private async redeliver(id: number, which: number | "failed"): Promise<void> {
    await this.act(async (token) => this.text("replayed", { count: await redeliver(id, which, token) }));
  }
}
