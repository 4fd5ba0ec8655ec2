import type { Schemas } from "../api/schemas.js";
import { fetchAuthorized, fetchJson, jsonBody, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

export const USER_ROLES = [
  "admin",
  "doctor",
  "radiologist",
  "technologist",
  "nurse",
  "lab",
  "patient",
  "external",
] as const;
export type UserRole = (typeof USER_ROLES)[number];

export const SHORTEST_PASSWORD = 12;
/** The largest page the server gives. */
const ALL = 500;

/** An account as `/api/accounts` lists it (docs/identity.md). */
export type AccountDetails = Schemas["Account"];

/** With the role as a form has it. */
export interface NewAccount extends Omit<Schemas["CreateAccountBody"], "role"> {
  readonly role: string;
}

export async function listAccounts(token: TokenProvider): Promise<readonly AccountDetails[]> {
  const found: AccountDetails[] = [];
  for (;;) {
    const page = await fetchJson<{ accounts: AccountDetails[] }>(
      `/api/accounts?limit=${ALL}&offset=${found.length}`,
      token,
    );
    found.push(...page.accounts);
    if (page.accounts.length < ALL) return found;
  }
}

/** @throws HttpProblem 409 `username-taken`, 400 `request-malformed` */
export function createAccount(account: NewAccount, token: TokenProvider): Promise<AccountDetails> {
  return fetchJson("/api/accounts", token, jsonBody("POST", account));
}

/** @throws HttpProblem 409 `own-account` */
export function changeAccount(
  id: number,
  change: { readonly role?: string; readonly disabled?: boolean },
  token: TokenProvider,
): Promise<AccountDetails> {
  return fetchJson(`/api/accounts/${id}`, token, jsonBody("PATCH", change));
}

/** Sets another password: every session of the account is over. */
export async function setPassword(id: number, password: string, token: TokenProvider): Promise<void> {
  const response = await fetchAuthorized(
    `/api/accounts/${id}/password`,
    token,
    jsonBody("PUT", { password }),
  );
  if (!response.ok) throw await problemOf(response);
}
