import type { Schemas } from "../api/schemas.js";
import { fetchAuthorized, fetchJson, jsonBody, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import { PAGE, firstPages, type Pages } from "./pages.js";

/** An API key as `/api/api-keys` lists it; times are ISO 8601. */
export type ApiKey = Schemas["ApiKey"];

/** A share link as `/api/share-links` lists it; times are ISO 8601. */
export type ShareLink = Schemas["ShareLink"];

/** With the permissions as a form has them. */
export interface NewApiKey extends Omit<Schemas["CreateApiKeyBody"], "permissions"> {
  readonly permissions: readonly string[];
}

export async function listApiKeys(token: TokenProvider): Promise<readonly ApiKey[]> {
  return (await fetchJson<Schemas["ListApiKeysAnswer"]>("/api/api-keys", token)).apiKeys;
}

/** @returns the key, which is never shown again @throws HttpProblem 400, 403 */
export async function createApiKey(key: NewApiKey, token: TokenProvider): Promise<string> {
  return (await fetchJson<Schemas["CreateApiKeyAnswer"]>("/api/api-keys", token, jsonBody("POST", key))).key;
}

/** The newest first. */
export function listShareLinks(pages: number, token: TokenProvider): Promise<Pages<ShareLink>> {
  return firstPages(pages, async ({ length }) => {
    const path = `/api/share-links?limit=${PAGE}&offset=${length}`;
    return (await fetchJson<Schemas["ListShareLinksAnswer"]>(path, token)).shareLinks;
  });
}

/** Ends what was granted. @throws HttpProblem 404 when it is not in force any more */
export async function revoke(
  what: "api-keys" | "share-links" | "clients" | "break-glass" | "webhooks" | "hook-sources",
  id: number | string,
  token: TokenProvider,
): Promise<void> {
  const path = `/api/${what}/${encodeURIComponent(id)}`;
  const response = await fetchAuthorized(path, token, { method: "DELETE" });
  if (!response.ok) throw await problemOf(response);
}
