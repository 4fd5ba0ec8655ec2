import { fetchJson, jsonBody } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import { PAGE, firstPages, type Pages } from "./pages.js";

/** Who else is told of events, as `/api/webhooks` lists it (docs/webhooks.md); times are ISO 8601. */
export interface Webhook {
  readonly id: number;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  /** Of the study: one of each that is named; none named is any. */
  readonly filter: { readonly modalities: readonly string[]; readonly labels: readonly string[] };
  readonly enabled: boolean;
  readonly disabledCode: "by-person" | "gave-up" | "gone" | null;
  /** Deliveries that failed in a row. */
  readonly failures: number;
  readonly failingSince: string | null;
  readonly succeededAt: string | null;
  readonly createdBy: string;
}

export type NewWebhook = Pick<Webhook, "url" | "description" | "events" | "filter">;

export const DELIVERY_STATES = ["pending", "delivered", "failed", "dropped"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event that is or was to be delivered; times are ISO 8601. */
export interface Delivery {
  readonly id: number;
  readonly type: string;
  /** Of the event; null for a ping. */
  readonly sequence: number | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly code: string | null;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly endedAt: string | null;
}

/** @throws HttpProblem 503 `not-configured` where there are no webhooks */
export async function listWebhooks(token: TokenProvider): Promise<readonly Webhook[]> {
  return (await fetchJson<{ webhooks: Webhook[] }>("/api/webhooks", token)).webhooks;
}

/** @returns its secret, which is never shown again @throws HttpProblem 400 `webhook-address-refused` and others */
export async function createWebhook(webhook: NewWebhook, token: TokenProvider): Promise<string> {
  return (await fetchJson<{ secret: string }>("/api/webhooks", token, jsonBody("POST", webhook))).secret;
}

export async function enableWebhook(id: number, enabled: boolean, token: TokenProvider): Promise<void> {
  await fetchJson(`/api/webhooks/${id}`, token, jsonBody("PATCH", { enabled }));
}

/** @returns the new secret, which is never shown again, and until when (ISO 8601) the former one signs too */
export function rotateSecret(
  id: number,
  token: TokenProvider,
): Promise<{ readonly secret: string; readonly formerUntil: string }> {
  return fetchJson(`/api/webhooks/${id}/secret`, token, jsonBody("POST", {}));
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
    const query = new URLSearchParams({ limit: String(PAGE) });
    const last = found.at(-1);
    if (state !== undefined) query.set("state", state);
    if (last !== undefined) query.set("before", String(last.id));
    const path = `/api/webhooks/${id}/deliveries?${query.toString()}`;
    return (await fetchJson<{ deliveries: Delivery[] }>(path, token)).deliveries;
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
  return (await fetchJson<{ replayed: number }>(path, token, jsonBody("POST", {}))).replayed;
}
