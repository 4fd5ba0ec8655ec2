import type { Schemas } from "../api/schemas.js";
import { fetchJson, jsonBody } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** Of the server (docs/identity.md). */
export const CLIENT_ID = "[A-Za-z0-9._\\-]{1,64}";

/** A program that gets tokens by client_credentials, as `/api/clients` lists it; times are ISO 8601. */
export type OAuthClient = Schemas["Client"];

/** With permissions and keys as a form has them. */
export interface NewClient extends Omit<Schemas["RegisterClientBody"], "permissions" | "jwks"> {
  readonly permissions: readonly string[];
  /** These, or an address (`jwksUri`). */
  readonly jwks?: unknown;
}

export async function listClients(token: TokenProvider): Promise<readonly OAuthClient[]> {
  return (await fetchJson<Schemas["ListClientsAnswer"]>("/api/clients", token)).clients;
}

/** @throws HttpProblem 409 `client-taken`, 403, 400 `request-malformed` */
export async function registerClient(client: NewClient, token: TokenProvider): Promise<void> {
  await fetchJson("/api/clients", token, jsonBody("POST", client));
}
