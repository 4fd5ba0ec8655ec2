import type { Schemas } from "../api/schemas.js";
import { fetchJson, jsonBody } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** How a destination is found, and what waits for it (docs/outbox.md). */
export type Destination = Schemas["Destination"];

/** A message that failed. */
export type Letter = Schemas["Message"];

export async function listDestinations(token: TokenProvider): Promise<readonly Destination[]> {
  return (await fetchJson<{ destinations: Destination[] }>("/api/outbox", token)).destinations;
}

/** Failed messages, the oldest 100; how many there are is said of each destination. */
export function listDeadLetters(token: TokenProvider): Promise<{ readonly messages: readonly Letter[] }> {
  return fetchJson("/api/outbox/messages?limit=100", token);
}

/** What the destination answered, in its own words; opening it is recorded in the audit trail. */
export async function answerTo(id: number, token: TokenProvider): Promise<string | null> {
  return (await fetchJson<{ outcome: string | null }>(`/api/outbox/messages/${id}`, token)).outcome;
}

/** One message, or all that failed; answers how many. */
export async function replay(id: number | "all", token: TokenProvider): Promise<number> {
  const path = id === "all" ? "/api/outbox/replay" : `/api/outbox/messages/${id}/replay`;
  return (await fetchJson<{ replayed: number }>(path, token, jsonBody("POST", {}))).replayed;
}

/** Gives a message up for good. @param reason at least three characters */
export async function drop(id: number, reason: string, token: TokenProvider): Promise<void> {
  await fetchJson(`/api/outbox/messages/${id}/drop`, token, jsonBody("POST", { reason }));
}
