import { fetchAuthorized, fetchJson, jsonBody, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

const PAGE = 100;

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

/** The newest first, a hundred a page; `more` says whether older ones may follow. */
export async function listShareLinks(
  pages: number,
  token: TokenProvider,
): Promise<{ readonly links: readonly ShareLink[]; readonly more: boolean }> {
  const links: ShareLink[] = [];
  for (let page = 0; page < pages; page += 1) {
    const { shareLinks } = await fetchJson<{ shareLinks: ShareLink[] }>(
      `/api/share-links?limit=${PAGE}&offset=${page * PAGE}`,
      token,
    );
    links.push(...shareLinks);
    if (shareLinks.length < PAGE) return { links, more: false };
  }
  return { links, more: true };
}

/** @throws HttpProblem 404 when it is not in force any more */
export async function revoke(
  what: "api-keys" | "share-links",
  id: number,
  token: TokenProvider,
): Promise<void> {
  const response = await fetchAuthorized(`/api/${what}/${id}`, token, { method: "DELETE" });
  if (!response.ok) throw await problemOf(response);
}
