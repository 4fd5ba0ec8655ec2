import { fetchJson } from "./http.js";
import type { TokenProvider } from "./token-provider.js";

/** Who holds the token, and what they may do (docs/permissions.md). */
export interface Me {
  readonly subject: string;
  readonly role: string | null;
  readonly permissions: readonly string[];
}

export function loadMe(token: TokenProvider): Promise<Me> {
  return fetchJson("/api/auth/me", token);
}
