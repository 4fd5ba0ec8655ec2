import { fetchAuthorized, fetchJson, jsonBody, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import { PAGE, firstPages, type Pages } from "./pages.js";

/** An API key as `/api/api-keys` lists it; times are ISO 8601. */
export interface ApiKey {
  readonly id: number;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly labels: readonly string[];
  readonly createdBy: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

/** A share link as `/api/share-links` lists it; times are ISO 8601. */
export interface ShareLink {
  readonly id: number;
  readonly note: string;
  readonly permissions: readonly string[];
  readonly studyInstanceUids: readonly string[];
  readonly createdByName: string;
  readonly expiresAt: string;
  /** null for any number. */
  readonly usesAllowed: number | null;
  readonly uses: number;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

export interface NewApiKey {
  readonly name: string;
  readonly permissions: readonly string[];
  readonly labels: readonly string[];
  readonly validForDays: number;
}

export async function listApiKeys(token: TokenProvider): Promise<readonly ApiKey[]> {
  return (await fetchJson<{ apiKeys: ApiKey[] }>("/api/api-keys", token)).apiKeys;
}

/** @returns the key, which is never shown again @throws HttpProblem 400, 403 */
export async function createApiKey(key: NewApiKey, token: TokenProvider): Promise<string> {
  return (await fetchJson<{ key: string }>("/api/api-keys", token, jsonBody("POST", key))).key;
}

/** The newest first. */
export function listShareLinks(pages: number, token: TokenProvider): Promise<Pages<ShareLink>> {
  return firstPages(pages, async ({ length }) => {
    const path = `/api/share-links?limit=${PAGE}&offset=${length}`;
    return (await fetchJson<{ shareLinks: ShareLink[] }>(path, token)).shareLinks;
  });
}

/** Ends what was granted. @throws HttpProblem 404 when it is not in force any more */
export async function revoke(
  what: "api-keys" | "share-links" | "clients" | "break-glass" | "webhooks",
  id: number | string,
  token: TokenProvider,
): Promise<void> {
  const path = `/api/${what}/${encodeURIComponent(id)}`;
  const response = await fetchAuthorized(path, token, { method: "DELETE" });
  if (!response.ok) throw await problemOf(response);
}
