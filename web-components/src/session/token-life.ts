/** From when on a token is replaced, and from when on it is of no use; milliseconds since 1970. */
export interface TokenLife {
  readonly renewAt: number;
  readonly endsAt: number;
}

/** Part of a token's life after which a new one is fetched. */
const RENEW_AFTER = 0.8;
/** Of a token nobody but the server can read: good until it is refused. */
const UNKNOWN: TokenLife = { renewAt: Infinity, endsAt: Infinity };

/**
 * The life of a token, read from `iat` and `exp` where it is a JWT (RFC 7519 4.1). Nothing is believed of it beyond
 * when to ask for the next one: only the server verifies tokens.
 *
 * @param now when the token came, milliseconds since 1970
 */
export function tokenLife(token: string, now: number): TokenLife {
  const { iat, exp } = claimsOf(token);
  if (typeof exp !== "number") return UNKNOWN;
  const begins = typeof iat === "number" ? iat * 1_000 : now;
  const ends = exp * 1_000;
  const life = ends - begins;
  if (life <= 0) return { renewAt: now, endsAt: now };
  // A clock that places itself outside the token's life is wrong; the life counts from the token's coming then.
  const start = now >= begins && now < ends ? begins : now;
  return { renewAt: start + life * RENEW_AFTER, endsAt: start + life };
}

function claimsOf(token: string): { readonly iat?: unknown; readonly exp?: unknown } {
  const payload = token.split(".")[1];
  if (payload === undefined) return {};
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof claims === "object" && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
