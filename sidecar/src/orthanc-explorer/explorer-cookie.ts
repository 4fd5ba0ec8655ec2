import { ACCESS_TOKEN_SECONDS } from "../authorization/access-token.js";

const COOKIE = "neuronova_explorer";

/** Holds an access token, for Orthanc Explorer alone: no script reads it, no other site sends it. */
export function explorerCookie(token: string): string {
  const maxAge = token === "" ? 0 : ACCESS_TOKEN_SECONDS;
  return `${COOKIE}=${token}; Path=/orthanc/; HttpOnly; Secure; SameSite=Strict; Max-Age=${maxAge}`;
}

export function tokenInCookie(header: string | undefined): string | undefined {
  const pair = header
    ?.split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${COOKIE}=`));
  const value = pair?.slice(COOKIE.length + 1);
  return value === undefined || value === "" ? undefined : value;
}
