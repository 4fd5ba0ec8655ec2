import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { DELIVERY_STATES, type Delivery, type DeliveryState } from "../../administration/webhooks.js";
import { adminMessage, moment, type AdminMessageKey } from "../../localization/admin-messages.js";
import type { Language } from "../../localization/messages.js";

const STATES: Readonly<Record<DeliveryState, readonly [AdminMessageKey, string]>> = {
  pending: ["deliveryPending", "warn"],
  delivered: ["deliveryDelivered", "good"],
  failed: ["deliveryFailed", "bad"],
  dropped: ["deliveryDropped", "sub"],
};

export interface DeliveriesState {
  readonly language: Language;
  /** undefined while they are fetched. */
  readonly deliveries: readonly Delivery[] | undefined;
  /** Of which state; undefined for all. */
  readonly shown: DeliveryState | undefined;
  readonly busy: boolean;
  readonly onShow: (state: DeliveryState | undefined) => void;
  readonly onRedeliver: (which: number | "failed") => void;
}

/** What was and is to be delivered to one webhook, the newest first; to send it again. */
export function webhookDeliveries(state: DeliveriesState): TemplateResult {
  const { language, deliveries, shown, busy, onShow, onRedeliver } = state;
  const text = (key: AdminMessageKey) => adminMessage(language, key);
  return html`
    <div class="actions">
      <select
        aria-label=${text("deliveriesShown")}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          onShow(DELIVERY_STATES.find((name) => name === value));
        }}
      >
        <option value="" .selected=${shown === undefined}>${text("all")}</option>
        ${DELIVERY_STATES.map(
          (name) => html`<option value=${name} .selected=${name === shown}>${text(STATES[name][0])}</option>`,
        )}
      </select>
      <button type="button" ?disabled=${busy} @click=${() => onRedeliver("failed")}>
        ${text("redeliverFailed")}
      </button>
    </div>
    ${
      deliveries === undefined
        ? html`<p>${text("loading")}</p>`
        : deliveries.length === 0
          ? html`<p>${text(shown === undefined ? "deliveriesNone" : "deliveriesNoneSuch")}</p>`
          : html`<ul class="rows">
              ${repeat(
                deliveries,
                ({ id }) => id,
                (delivery) => deliveryRow(delivery, state),
              )}
            </ul>`
    }
  `;
}

function deliveryRow(delivery: Delivery, { language, busy, onRedeliver }: DeliveriesState): TemplateResult {
  const { id, type, sequence, state, attempts, code, reason, createdAt, endedAt, nextAttemptAt } = delivery;
  const [key, kind] = STATES[state];
  const time = (at: string) => moment(at, language);
  return html`
    <li data-delivery=${id} data-state=${state}>
      <div class="what">
        <strong>${type}</strong> ${sequence === null ? nothing : html`<span class="sub">${sequence}</span>`}
        <span class=${kind}>${adminMessage(language, key)}</span>
        ${endedAt === null ? nothing : html`<span class="sub">${time(endedAt)}</span>`}
        <p class="sub">
          ${time(createdAt)} · ${adminMessage(language, "attempts", { count: attempts })}
          ${
            nextAttemptAt === null
              ? nothing
              : html` · ${adminMessage(language, "nextAttempt", { time: time(nextAttemptAt) })}`
          }
        </p>
        ${code === null ? nothing : html`<p>${code} · ${reason}</p>`}
      </div>
      ${
        state === "pending"
          ? nothing
          : html`<div class="actions">
              <button
                type="button"
                aria-label=${adminMessage(language, "replayOf", { name: `${type} ${sequence ?? id}` })}
                ?disabled=${busy}
                @click=${() => onRedeliver(id)}
              >
                ${adminMessage(language, "replay")}
              </button>
            </div>`
      }
    </li>
  `;
}
