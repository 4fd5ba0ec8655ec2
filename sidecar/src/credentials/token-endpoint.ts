import { createLocalJWKSet, jwtVerify, type JWTVerifyGetKey } from "jose";
import { LRUCache } from "lru-cache";
import type { AccessTokens } from "../authorization/access-token.js";
import { remoteKeys } from "../authorization/provider-keys.js";
import { shapeOf } from "../authorization/token-shape.js";
import { ApiError } from "../error-response.js";
import type { ClientStore, OAuthClient } from "./client-store.js";
import { grantScopes } from "./scopes.js";

/** A refusal as RFC 6749 section 5.2 has it. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  constructor(
    readonly status: 400 | 401,
    readonly error: "invalid_request" | "invalid_client" | "invalid_scope" | "unsupported_grant_type",
    description: string,
  ) {
    super(description);
  }
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: "bearer";
  readonly expires_in: number;
  readonly scope: string;
}

/** SMART Backend Services asks servers for these two. */
const ALGORITHMS = ["RS384", "ES384"];
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LONGEST_ASSERTION = 8_192;
const LONGEST_LIFE_SECONDS = 300;
const TOLERANCE_SECONDS = 10;
const TOKEN_SECONDS = 300;

/** `client_credentials` with `private_key_jwt` (RFC 7523; SMART App Launch, backend services). */
export class TokenEndpoint {
  private readonly remote = new LRUCache<string, JWTVerifyGetKey>({ max: 1_000 });

  constructor(
    private readonly clients: ClientStore,
    private readonly tokens: Pick<AccessTokens, "sign">,
    /** This endpoint's own address, which assertions are made for. */
    private readonly address: string,
  ) {}

  /** @throws OAuthError; ApiError 503 when the client's keys cannot be fetched */
  async answer(
    form: Readonly<Record<string, unknown>>,
  ): Promise<{ readonly client: OAuthClient; readonly answer: TokenAnswer }> {
    const field = (name: string) => {
      const value = form[name];
      if (value !== undefined && typeof value !== "string")
        throw new OAuthError(400, "invalid_request", `${name} is there twice.`);
      return value ?? "";
    };
    if (field("grant_type") !== "client_credentials")
      throw new OAuthError(400, "unsupported_grant_type", "grant_type must be client_credentials.");
    if (field("client_assertion_type") !== ASSERTION_TYPE || field("client_assertion") === "")
      throw new OAuthError(401, "invalid_client", "A client_assertion (private_key_jwt) is needed.");
    const client = await this.authenticate(field("client_assertion"));
    if (field("client_id") !== "" && field("client_id") !== client.clientId)
      throw new OAuthError(400, "invalid_request", "client_id is another than the assertion's.");
    const { scopes, permissions } = grantScopes(field("scope"), client.permissions);
    if (scopes.length === 0)
      throw new OAuthError(400, "invalid_scope", "The client may have none of these scopes.");
    const access_token = await this.tokens.sign({
      subject: `client:${client.clientId}`,
      version: 0,
      sessionId: null,
      scope: permissions,
      seconds: TOKEN_SECONDS,
    });
    return {
      client,
      answer: { access_token, token_type: "bearer", expires_in: TOKEN_SECONDS, scope: scopes.join(" ") },
    };
  }

  private async authenticate(assertion: string): Promise<OAuthClient> {
    try {
      const { header, claims } = shapeOf(assertion, LONGEST_ASSERTION);
      const { sub } = claims;
      if (typeof header["kid"] !== "string" || typeof sub !== "string") throw invalidClient();
      if (header["typ"] !== undefined && header["typ"] !== "JWT") throw invalidClient();
      const client = await this.clients.find(sub);
      if (client === null || client.revokedAt !== null) throw invalidClient();
      const { payload } = await jwtVerify(assertion, this.keysOf(client), {
        algorithms: ALGORITHMS,
        issuer: client.clientId,
        subject: client.clientId,
        audience: this.address,
        clockTolerance: TOLERANCE_SECONDS,
        requiredClaims: ["exp", "jti"],
      });
      const { exp = 0, jti } = payload;
      const latest = Date.now() / 1_000 + LONGEST_LIFE_SECONDS + TOLERANCE_SECONDS;
      if (exp > latest || typeof jti !== "string" || jti === "" || jti.length > 1_024) throw invalidClient();
      const expiresAt = new Date((exp + TOLERANCE_SECONDS) * 1_000);
      if (!(await this.clients.useAssertion(client.clientId, jti, expiresAt))) throw invalidClient();
      return client;
    } catch (error) {
      // Keys that cannot be fetched are no fault of the client; everything else looks the same from outside.
      if (error instanceof OAuthError || (error instanceof ApiError && error.status >= 500)) throw error;
      if (error instanceof ApiError || (error as { code?: string }).code?.startsWith("ERR_J"))
        throw invalidClient();
      throw error;
    }
  }

  private keysOf({ jwks, jwksUri }: OAuthClient): JWTVerifyGetKey {
    if (jwks !== null) return createLocalJWKSet(jwks);
    const uri = jwksUri ?? "";
    const keys = this.remote.get(uri) ?? remoteKeys(uri);
    this.remote.set(uri, keys);
    return keys;
  }
}

function invalidClient(): OAuthError {
  return new OAuthError(401, "invalid_client", "The client assertion is not valid.");
}
