import { fetchAuthorized, fetchJson, jsonBody, problemOf } from "../session/http.js";
import type { TokenProvider } from "../session/token-provider.js";
import { PAGE, firstPages, type Pages } from "./pages.js";

/** Access out of one's reach, as `/api/break-glass` lists it (docs/identity.md); times are ISO 8601. */
export interface BreakGlassAccess {
  readonly id: number;
  readonly subject: string;
  readonly displayName: string;
  readonly role: string;
  /** null when a patient was opened, with all of their studies. */
  readonly studyInstanceUid: string | null;
  readonly reason: string;
  readonly sourceAddress: string;
  readonly grantedAt: string;
  readonly expiresAt: string;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgement: string | null;
}

/** The newest first. @param state `open` is what nobody has looked into yet */
export function listBreakGlass(
  state: "open" | "all",
  pages: number,
  token: TokenProvider,
): Promise<Pages<BreakGlassAccess>> {
  return firstPages(pages, async ({ length }) => {
    const path = `/api/break-glass?state=${state}&limit=${PAGE}&offset=${length}`;
    return (await fetchJson<{ accesses: BreakGlassAccess[] }>(path, token)).accesses;
  });
}

/** Says that somebody has looked into it. @throws HttpProblem 409 `own-break-glass`, 404 */
export async function acknowledge(id: number, comment: string, token: TokenProvider): Promise<void> {
  const path = `/api/break-glass/${id}/acknowledgement`;
  const response = await fetchAuthorized(path, token, jsonBody("POST", { comment }));
  if (!response.ok) throw await problemOf(response);
}
