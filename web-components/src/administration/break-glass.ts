import type { Schemas } from "../api/schemas.js";
import { fetchAuthorized, fetchJson, jsonBody, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import { PAGE, firstPages, type Pages } from "./pages.js";

/** Access out of one's reach, as `/api/break-glass` lists it (docs/identity.md); times are ISO 8601. */
export type BreakGlassAccess = Schemas["BreakGlassAccess"];

/** The newest first. @param state `open` is what nobody has looked into yet */
export function listBreakGlass(
  state: "open" | "all",
  pages: number,
  token: TokenProvider,
): Promise<Pages<BreakGlassAccess>> {
  return firstPages(pages, async ({ length }) => {
    const path = `/api/break-glass?state=${state}&limit=${PAGE}&offset=${length}`;
    return (await fetchJson<Schemas["ListBreakGlassAnswer"]>(path, token)).accesses;
  });
}

/** Says that somebody has looked into it. @throws HttpProblem 409 `own-break-glass`, 404 */
export async function acknowledge(id: number, comment: string, token: TokenProvider): Promise<void> {
  const path = `/api/break-glass/${id}/acknowledgement`;
  const response = await fetchAuthorized(path, token, jsonBody("POST", { comment }));
  if (!response.ok) throw await problemOf(response);
}
