import { createSecretKey, type KeyObject } from "node:crypto";
import { SignJWT, errors, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import { ApiError } from "../error-response.js";
import { isAccountRole, type AccountRole } from "./roles.js";

/** Who a request comes from, as the access token says. */
export interface Principal {
  readonly accountId: number;
  readonly username: string;
  readonly role: AccountRole;
  readonly expiresAt: Date;
}

export const ACCESS_TOKEN_SECONDS = 600;
const ISSUER = "neuronova";
const AUDIENCE = "neuronova";
/** RFC 9068: an access token says that it is one, so that no other signed token passes for it. */
const TYPE = "at+jwt";
const ALGORITHM = "HS256";
const LONGEST_TOKEN = 4_096;

/** Signs and verifies access tokens (RFC 8725: one algorithm, issuer, audience, type and times all checked). */
export class AccessTokens {
  private readonly key: KeyObject;
  /** Verified tokens until they end: a viewer sends the same one with every frame. */
  private readonly verified = new LRUCache<string, Principal>({ max: 10_000 });

  constructor(signingKey: string) {
    this.key = createSecretKey(Buffer.from(signingKey, "utf8"));
  }

  sign({ accountId, username, role }: Omit<Principal, "expiresAt">): Promise<string> {
    return new SignJWT({ username, role })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setSubject(String(accountId))
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setNotBefore("0s")
      .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
      .sign(this.key);
  }

  /** @throws ApiError 401 `token-invalid` or `token-expired` */
  async verify(token: string): Promise<Principal> {
    const known = this.verified.get(token);
    if (known !== undefined) {
      if (known.expiresAt.getTime() > Date.now()) return known;
      throw unauthorized("token-expired", "The access token has expired.");
    }
    if (token.length > LONGEST_TOKEN) throw unauthorized("token-invalid", "The access token is not valid.");
    const principal = await this.check(token);
    this.verified.set(token, principal, {
      ttl: Math.max(1, principal.expiresAt.getTime() - Date.now() + 60_000),
    });
    return principal;
  }

  private async check(token: string): Promise<Principal> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ["exp", "nbf", "iat", "sub"],
      });
      const { sub, exp } = payload;
      const username = payload["username"];
      const role = payload["role"];
      const accountId = Number(sub);
      if (
        exp === undefined ||
        !Number.isSafeInteger(accountId) ||
        typeof username !== "string" ||
        typeof role !== "string" ||
        !isAccountRole(role)
      ) {
        throw unauthorized("token-invalid", "The access token is not valid.");
      }
      return { accountId, username, role, expiresAt: new Date(exp * 1_000) };
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (error instanceof errors.JWTExpired)
        throw unauthorized("token-expired", "The access token has expired.");
      throw unauthorized("token-invalid", "The access token is not valid.");
    }
  }
}

/** A 401 with the challenge of RFC 6750, section 3. */
export function unauthorized(
  code: "token-missing" | "token-invalid" | "token-expired",
  detail: string,
): ApiError {
  const challenge =
    code === "token-missing" ? 'Bearer realm="neuronova"' : 'Bearer realm="neuronova", error="invalid_token"';
  return new ApiError(401, code, detail, { "WWW-Authenticate": challenge });
}
