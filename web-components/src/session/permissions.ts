import { fetchJson } from "./http.js";
import type { TokenProvider } from "./token-provider.js";

/** What the token allows, by the names of docs/permissions.md. @throws HttpProblem */
export async function permissionsOf(provider: TokenProvider): Promise<ReadonlySet<string>> {
  const { permissions } = await fetchJson<{ permissions: readonly string[] }>("/api/auth/me", provider);
  return new Set(permissions);
}
