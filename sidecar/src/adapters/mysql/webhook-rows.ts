import type { DisabledCode, Webhook, WebhookDetails } from "../../webhooks/webhook.js";

export const WEBHOOK_COLUMNS = `id, url, description, events, filter, enabled, disabled_code AS disabledCode, failures,
  failing_since AS failingSince, succeeded_at AS succeededAt, created_by AS createdBy, created_at AS createdAt,
  changed_at AS changedAt`;

export interface WebhookRow extends Omit<Webhook, "events" | "filter" | "enabled" | "disabledCode"> {
  readonly events: string;
  readonly filter: string;
  readonly enabled: number | boolean;
  readonly disabledCode: string | null;
}

export function webhookOf({ events, filter, enabled, disabledCode, ...row }: WebhookRow): Webhook {
  return {
    ...row,
    events: JSON.parse(events) as WebhookDetails["events"],
    filter: JSON.parse(filter) as WebhookDetails["filter"],
    enabled: Boolean(enabled),
    disabledCode: disabledCode as DisabledCode | null,
  };
}
