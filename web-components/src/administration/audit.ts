import type { Schemas } from "../api/schemas.js";
import { fetchJson } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

export const AUDIT_OUTCOMES = ["granted", "denied", "failure"] as const;

/** An access as `/api/audit` lists it (docs/audit.md); times are ISO 8601. */
export type AuditEntry = Schemas["AuditEntry"];

/** What is asked for; days are local `YYYY-MM-DD`, both included. */
export interface AuditQuery {
  readonly user: string;
  readonly patient: string;
  readonly study: string;
  readonly outcome: string;
  readonly from: string;
  readonly to: string;
}
export const EVERYTHING: AuditQuery = { user: "", patient: "", study: "", outcome: "", from: "", to: "" };

/** What a check of the chain came to. */
export type Verification = Schemas["VerifyAuditAnswer"];

export type AuditPage = Schemas["SearchAuditAnswer"];

/** @param before the `next` of the page before */
export function searchAudit(
  query: AuditQuery,
  before: number | null,
  token: TokenProvider,
): Promise<AuditPage> {
  return fetchJson(`/api/audit?${parametersOf(query, before)}`, token);
}

export function verifyAudit(token: TokenProvider): Promise<Verification> {
  return fetchJson("/api/audit/verify", token);
}

/** The query of the server: only what was filled in, days as the moments they begin and end at. */
export function parametersOf(
  { user, patient, study, outcome, from, to }: AuditQuery,
  before: number | null,
): string {
  const parameters = new URLSearchParams({ limit: "50" });
  for (const [name, value] of Object.entries({ user, patient, study, outcome }))
    if (value.trim() !== "") parameters.set(name, value.trim());
  if (from !== "") parameters.set("from", new Date(`${from}T00:00:00`).toISOString());
  if (to !== "") parameters.set("to", new Date(`${to}T23:59:59.999`).toISOString());
  if (before !== null) parameters.set("before", String(before));
  return parameters.toString();
}
