import { createHash } from "node:crypto";
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";
import { ApiError } from "../error-response.js";
import type { TokenVerifier } from "./access-token.js";
import { externalIdentity } from "./external-identity.js";
import type { IdentityProvider } from "./identity-provider.js";
import type { PrincipalDirectory } from "./principal-directory.js";
import { createPrincipal, type Identity, type Principal } from "./principal.js";
import { keysOf } from "./provider-keys.js";
import { expiredToken, invalidToken } from "./token-error.js";
import { shapeOf } from "./token-shape.js";
import { VerifiedTokens } from "./verified-tokens.js";

/** Tokens of Entra with many groups have some thousand characters. */
export const LONGEST_EXTERNAL_TOKEN = 12_000;

interface ExternalClaims {
  readonly identity: Omit<Identity, "grants">;
  readonly tokenId: string;
  readonly expiresAt: Date;
}

/** Access tokens of one external identity provider (RFC 8725, RFC 9068). */
export class ExternalTokens implements TokenVerifier {
  private readonly keys: JWTVerifyGetKey;
  private readonly verified: VerifiedTokens<ExternalClaims>;

  constructor(
    private readonly provider: IdentityProvider,
    directory: Pick<PrincipalDirectory, "grantsOf">,
  ) {
    this.keys = keysOf(provider);
    this.verified = new VerifiedTokens(async ({ identity, tokenId, expiresAt }) => {
      const grants = await directory.grantsOf(identity.subject);
      return createPrincipal({ ...identity, grants }, tokenId, expiresAt);
    });
  }

  verify(token: string): Promise<Principal> {
    return this.verified.principal(token, () => this.check(token));
  }

  forgetIdentities(): void {
    this.verified.forgetPrincipals();
  }

  private async check(token: string): Promise<ExternalClaims> {
    const { header } = shapeOf(token, LONGEST_EXTERNAL_TOKEN);
    const { provider } = this;
    if (!provider.types.some((type) => mediaType(type) === mediaType(header["typ"]))) throw invalidToken();
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms: provider.algorithms,
        issuer: provider.issuer,
        audience: provider.audiences,
        clockTolerance: provider.clockToleranceSeconds,
        requiredClaims: ["exp", "iat", "sub"],
      });
      return this.claimsOf(payload, token);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (error instanceof errors.JWTExpired) throw expiredToken();
      throw invalidToken();
    }
  }

  private claimsOf(payload: JWTPayload, token: string): ExternalClaims {
    const { provider } = this;
    const { exp = 0, iat = 0, jti } = payload;
    const now = Date.now() / 1_000;
    const identity = externalIdentity(provider, payload);
    if (
      identity === undefined ||
      iat > now + provider.clockToleranceSeconds ||
      exp - iat > provider.longestLifeSeconds ||
      Object.entries(provider.requiredClaims).some(([name, value]) => payload[name] !== value)
    ) {
      throw invalidToken();
    }
    const tokenId = jti ?? createHash("sha256").update(token).digest("base64url").slice(0, 22);
    return {
      identity,
      tokenId: tokenId.slice(0, 255),
      expiresAt: new Date((exp + provider.clockToleranceSeconds) * 1_000),
    };
  }
}

/** RFC 7515 4.1.9: `application/` may be left out; media types know no case. */
function mediaType(type: unknown): string {
  return typeof type === "string" ? type.toLowerCase().replace(/^application\//, "") : "";
}
