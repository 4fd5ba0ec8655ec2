import { fetchAuthorized, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";

/** What a model says of itself, in Markdown. @throws HttpProblem 404 `no-such-model` */
export async function loadModelCard(
  { name, version }: { readonly name: string; readonly version: string },
  token: TokenProvider,
): Promise<string> {
  const path = `/api/models/${encodeURIComponent(name)}/${encodeURIComponent(version)}/card`;
  const response = await fetchAuthorized(path, token);
  if (!response.ok) throw await problemOf(response);
  return response.text();
}
