import type { Schemas } from "../api/schemas.js";
import { fetchJson, jsonBody } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import { firstPages, logQuery, type Pages } from "./pages.js";

/** Who may tell us something, as `/api/hook-sources` lists it (docs/inbound-hooks.md); times are ISO 8601. */
export type HookSource = Schemas["HookSource"];

/** With the permissions as a form has them; without any, what its types need. */
export interface NewHookSource extends Omit<Schemas["CreateHookSourceBody"], "permissions"> {
  readonly permissions?: readonly string[];
}

export type HookType = HookSource["types"][number];

/** One message of a source; times are ISO 8601. */
export type HookMessage = Schemas["ListHookMessagesAnswer"]["messages"][number];
export type HookState = HookMessage["state"];

/** Of the server. */
export const SOURCE_NAME = "[a-z][a-z0-9\\-]{1,31}";

/** @throws HttpProblem 503 `not-configured` where there are no hooks */
export async function listHookSources(token: TokenProvider): Promise<readonly HookSource[]> {
  return (await fetchJson<Schemas["ListHookSourcesAnswer"]>("/api/hook-sources", token)).sources;
}

/** @returns its secret, which is never shown again @throws HttpProblem 409 `hook-source-taken`, 400, 403 */
export async function createHookSource(source: NewHookSource, token: TokenProvider): Promise<string> {
  const init = jsonBody("POST", source);
  return (await fetchJson<Schemas["CreateHookSourceAnswer"]>("/api/hook-sources", token, init)).secret;
}

export async function enableHookSource(name: string, enabled: boolean, token: TokenProvider): Promise<void> {
  await fetchJson(pathOf(name), token, jsonBody("PATCH", { enabled }));
}

/** @returns the new secret, which is never shown again, and until when (ISO 8601) the former one is good */
export function rotateHookSecret(
  name: string,
  overlapHours: number,
  token: TokenProvider,
): Promise<Schemas["RotateHookSecretAnswer"]> {
  return fetchJson(`${pathOf(name)}/secret`, token, jsonBody("POST", { overlapHours }));
}

/** The newest first. @param state undefined for all */
export function listHookMessages(
  name: string,
  state: HookState | undefined,
  pages: number,
  token: TokenProvider,
): Promise<Pages<HookMessage>> {
  return firstPages(pages, async (found) => {
    const path = `${pathOf(name)}/messages?${logQuery(state, found)}`;
    return (await fetchJson<Schemas["ListHookMessagesAnswer"]>(path, token)).messages;
  });
}

/** Has a message that failed worked on again. @throws HttpProblem 404 when it did not fail, or is over for 30 days */
export async function replayHookMessage(name: string, id: number, token: TokenProvider): Promise<number> {
  const path = `${pathOf(name)}/messages/${id}/replay`;
  return (await fetchJson<Schemas["ReplayHookMessageAnswer"]>(path, token, jsonBody("POST", {}))).replayed;
}

function pathOf(name: string): string {
  return `/api/hook-sources/${encodeURIComponent(name)}`;
}
