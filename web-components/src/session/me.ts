import type { Schemas } from "../api/schemas.js";
import { fetchJson } from "./http.js";
import type { TokenProvider } from "./token-provider.js";

/** Who holds the token, and what they may do (docs/permissions.md). */
export type Me = Pick<Schemas["Me"], "subject" | "role" | "permissions">;

export function loadMe(token: TokenProvider): Promise<Me> {
  return fetchJson("/api/auth/me", token);
}
