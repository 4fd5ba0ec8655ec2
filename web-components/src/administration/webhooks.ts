import type { Schemas } from "../api/schemas.js";
import { fetchJson, jsonBody } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import { firstPages, logQuery, type Pages } from "./pages.js";

/** Who else is told of events, as `/api/webhooks` lists it (docs/webhooks.md); times are ISO 8601. */
export type Webhook = Schemas["Webhook"];

export type NewWebhook = Schemas["CreateWebhookBody"];

export type DeliveryState = Delivery["state"];

/** One event that is or was to be delivered; times are ISO 8601. */
export type Delivery = Schemas["WebhookDelivery"];

/** @throws HttpProblem 503 `not-configured` where there are no webhooks */
export async function listWebhooks(token: TokenProvider): Promise<readonly Webhook[]> {
  return (await fetchJson<Schemas["ListWebhooksAnswer"]>("/api/webhooks", token)).webhooks;
}

/** @returns its secret, which is never shown again @throws HttpProblem 400 `webhook-address-refused` and others */
export async function createWebhook(webhook: NewWebhook, token: TokenProvider): Promise<string> {
  return (await fetchJson<Schemas["CreateWebhookAnswer"]>("/api/webhooks", token, jsonBody("POST", webhook)))
    .secret;
}

export async function enableWebhook(id: number, enabled: boolean, token: TokenProvider): Promise<void> {
  await fetchJson(`/api/webhooks/${id}`, token, jsonBody("PATCH", { enabled }));
}

/** @returns the new secret, which is never shown again, and until when (ISO 8601) the former one signs too */
export function rotateSecret(
  id: number,
  overlapHours: number,
  token: TokenProvider,
): Promise<Schemas["RotateWebhookSecretAnswer"]> {
  return fetchJson(`/api/webhooks/${id}/secret`, token, jsonBody("POST", { overlapHours }));
}

/** Has an event sent to try it out. */
export async function ping(id: number, token: TokenProvider): Promise<void> {
  await fetchJson(`/api/webhooks/${id}/ping`, token, jsonBody("POST", {}));
}

/** The newest first. @param state undefined for all */
export function listDeliveries(
  id: number,
  state: DeliveryState | undefined,
  pages: number,
  token: TokenProvider,
): Promise<Pages<Delivery>> {
  return firstPages(pages, async (found) => {
    const path = `/api/webhooks/${id}/deliveries?${logQuery(state, found)}`;
    return (await fetchJson<Schemas["ListDeliveriesAnswer"]>(path, token)).deliveries;
  });
}

/** One delivery once more, or all that failed; answers how many. */
export async function redeliver(
  id: number,
  delivery: number | "failed",
  token: TokenProvider,
): Promise<number> {
  const which = delivery === "failed" ? "" : `/${delivery}`;
  const path = `/api/webhooks/${id}/deliveries${which}/replay`;
  return (await fetchJson<Schemas["ReplayFailedDeliveriesAnswer"]>(path, token, jsonBody("POST", {})))
    .replayed;
}
