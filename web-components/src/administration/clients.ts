import { fetchJson, jsonBody } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** Of the server (docs/identity.md). */
export const CLIENT_ID = "[A-Za-z0-9._\\-]{1,64}";

/** Public keys as RFC 7517 has them. */
export interface KeySet {
  readonly keys: readonly { readonly kid?: string }[];
}

/** A program that gets tokens by client_credentials, as `/api/clients` lists it; times are ISO 8601. */
export interface OAuthClient {
  readonly clientId: string;
  readonly name: string;
  readonly permissions: readonly string[];
  readonly labels: readonly string[];
  readonly jwks: KeySet | null;
  /** Where its keys are, when they are not here. */
  readonly jwksUri: string | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface NewClient extends Pick<OAuthClient, "clientId" | "name" | "permissions" | "labels"> {
  /** This… */
  readonly jwks?: unknown;
  /** …or that. */
  readonly jwksUri?: string;
}

export async function listClients(token: TokenProvider): Promise<readonly OAuthClient[]> {
  return (await fetchJson<{ clients: OAuthClient[] }>("/api/clients", token)).clients;
}

/** @throws HttpProblem 409 `client-taken`, 403, 400 `request-malformed` */
export async function registerClient(client: NewClient, token: TokenProvider): Promise<void> {
  await fetchJson("/api/clients", token, jsonBody("POST", client));
}
