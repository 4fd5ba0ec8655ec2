import type { Schemas } from "../api/schemas.js";
import { fetchJson } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** Work that ended in "failed" (`/api/failures`). */
export type Failure = Schemas["Failure"];

export async function listFailures(token: TokenProvider): Promise<readonly Failure[]> {
  return (await fetchJson<{ failures: Failure[] }>("/api/failures", token)).failures;
}

export async function retryFailure({ kind, id }: Failure, token: TokenProvider): Promise<void> {
  const path = `/api/failures/${encodeURIComponent(kind)}/${encodeURIComponent(id)}/retry`;
  await fetchJson(path, token, { method: "POST" });
}
