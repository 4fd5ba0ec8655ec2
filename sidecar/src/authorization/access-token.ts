import { createSecretKey, randomUUID, type KeyObject } from "node:crypto";
import { SignJWT, decodeJwt, errors, jwtVerify, type JWTPayload } from "jose";
import { ApiError } from "../error-response.js";
import { isPermission, type Permission } from "./permissions.js";
import type { PrincipalDirectory, TokenSubject } from "./principal-directory.js";
import { createPrincipal, type Principal } from "./principal.js";
import { expiredToken, invalidToken } from "./token-error.js";
import { shapeOf } from "./token-shape.js";
import { VerifiedTokens } from "./verified-tokens.js";

/** Whatever can say who a Bearer token is of. */
export interface TokenVerifier {
  /** @throws ApiError 401 `token-invalid` or `token-expired` */
  verify(token: string): Promise<Principal>;
}

export const ACCESS_TOKEN_SECONDS = 600;
export const ISSUER = "neuronova";
const AUDIENCE = "neuronova";
/** RFC 9068: an access token says that it is one, so that no other signed token passes for it. */
const TYPE = "at+jwt";
const ALGORITHM = "HS256";
const LONGEST_TOKEN = 4_096;

/** What a token says once its signature and its claims have been checked. */
interface TokenClaims extends TokenSubject {
  readonly scope: readonly Permission[] | null;
  readonly tokenId: string;
  readonly expiresAt: Date;
}

export interface NewToken extends TokenSubject {
  /** Fewer permissions than the subject has; undefined for all of them. */
  readonly scope?: readonly Permission[];
  /** Shorter than {@link ACCESS_TOKEN_SECONDS}, when what it stands for ends earlier. */
  readonly seconds?: number;
  /** When the first of a row of prolonged tokens was signed, in seconds of the epoch. */
  readonly first?: number;
}

/** A page without a script of ours (Orthanc Explorer) keeps its token going while it is used, for a working day. */
const LONGEST_ROW_SECONDS = 8 * 3_600;

/**
 * Signs and verifies this program's own access tokens (RFC 8725: one algorithm, issuer, audience, type and times all
 * checked). The token names a subject; what the subject is and may is looked up, so a change counts within seconds.
 */
export class AccessTokens implements TokenVerifier {
  private readonly key: KeyObject;
  private readonly verified: VerifiedTokens<TokenClaims>;

  constructor(
    signingKey: string,
    private readonly directory: PrincipalDirectory,
  ) {
    this.key = createSecretKey(Buffer.from(signingKey, "utf8"));
    this.verified = new VerifiedTokens((claims) => this.principalOf(claims));
  }

  sign({
    subject,
    version,
    sessionId,
    scope,
    first,
    seconds = ACCESS_TOKEN_SECONDS,
  }: NewToken): Promise<string> {
    const claims = {
      ...(first === undefined ? {} : { first }),
      ver: version,
      ...(sessionId === null ? {} : { sid: sessionId }),
      ...(scope === undefined ? {} : { scope: scope.join(" ") }),
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setSubject(subject)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setJti(randomUUID())
      .setIssuedAt()
      .setNotBefore("0s")
      .setExpirationTime(`${Math.max(1, Math.min(seconds, ACCESS_TOKEN_SECONDS))}s`)
      .sign(this.key);
  }

  /**
   * A token that ends later, for one that is valid and in the second half of its life. It stands for the same login:
   * with that login it ends.
   * @returns null when the token is still young, or its row is a working day old
   * @throws ApiError 401 when the token is not valid
   */
  async prolong(token: string): Promise<string | null> {
    await this.verify(token);
    const claims = decodeJwt<{ ver: number; sid?: string; scope?: string; first?: number }>(token);
    const { sub = "", exp = 0, iat = 0, ver, sid, scope, first = iat } = claims;
    const now = Date.now() / 1_000;
    if (exp - now > ACCESS_TOKEN_SECONDS / 2 || now - first > LONGEST_ROW_SECONDS) return null;
    return this.sign({
      subject: sub,
      version: ver,
      sessionId: sid ?? null,
      first,
      ...(scope === undefined ? {} : { scope: scope.split(" ").filter(isPermission) }),
    });
  }

  verify(token: string): Promise<Principal> {
    return this.verified.principal(token, () => this.check(token));
  }

  /** Looks everybody up again at their next request: something about them changed. */
  forgetIdentities(): void {
    this.verified.forgetPrincipals();
  }

  private async check(token: string): Promise<TokenClaims> {
    shapeOf(token, LONGEST_TOKEN);
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ["exp", "nbf", "iat", "sub", "jti", "ver"],
      });
      return claimsOf(payload);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (error instanceof errors.JWTExpired) throw expiredToken();
      throw invalidToken();
    }
  }

  private async principalOf({ scope, tokenId, expiresAt, ...subject }: TokenClaims): Promise<Principal> {
    const identity = await this.directory.identity(subject);
    if (identity === null) throw invalidToken();
    const permissions =
      scope === null ? identity.permissions : identity.permissions.filter((name) => scope.includes(name));
    return createPrincipal({ ...identity, permissions }, tokenId, expiresAt);
  }
}

/** The last instant that a Date can hold (ECMA-262 21.4.1.1). */
const LATEST_SECONDS = 8.64e12;

function claimsOf({ sub, exp, jti, ...rest }: JWTPayload): TokenClaims {
  const { ver, sid, scope } = rest as Record<string, unknown>;
  if (
    typeof sub !== "string" ||
    sub === "" ||
    typeof jti !== "string" ||
    exp === undefined ||
    exp > LATEST_SECONDS ||
    !Number.isSafeInteger(ver) ||
    (sid !== undefined && typeof sid !== "string") ||
    (scope !== undefined && typeof scope !== "string")
  ) {
    throw invalidToken();
  }
  return {
    subject: sub,
    version: ver as number,
    sessionId: sid ?? null,
    scope: scope === undefined ? null : scope.split(" ").filter(isPermission),
    tokenId: jti,
    expiresAt: new Date(exp * 1_000),
  };
}
