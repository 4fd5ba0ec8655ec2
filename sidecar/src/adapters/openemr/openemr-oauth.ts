import { importPKCS8, SignJWT } from "jose";
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { GrantedTokens } from "../../openemr/access-tokens.js";
import type { AuthorizationServer, BackendAuthorization } from "../../openemr/authorization-server.js";
import { OpenEmrError } from "../../openemr/openemr-error.js";
import { exchange } from "./exchange.js";

export interface OAuthClientSettings {
  /** Base of OpenEMR's authorization server, `…/oauth2/default`. */
  readonly base: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly redirectUri: string;
}

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive(),
  refresh_token: z.string().min(1).optional(),
});

/** The authorization code grant with PKCE (RFC 6749 4.1, RFC 7636) and refresh (RFC 6749 6). */
export class OpenEmrOAuth implements AuthorizationServer {
  constructor(private readonly settings: OAuthClientSettings) {}

  authorizationAddress({
    state,
    codeChallenge,
    scope,
  }: {
    state: string;
    codeChallenge: string;
    scope: string;
  }) {
    const { base, clientId, redirectUri } = this.settings;
    const question = new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: codeChallenge,
      code_challenge_method: "S256",
      // OpenID Connect 11: without it a server need not give a refresh token.
      prompt: "consent",
    });
    return `${base}/authorize?${question.toString()}`;
  }

  exchangeCode(code: string, codeVerifier: string): Promise<GrantedTokens> {
    const { redirectUri } = this.settings;
    return this.ask({
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
    });
  }

  refresh(refreshToken: string): Promise<GrantedTokens> {
    return this.ask({ grant_type: "refresh_token", refresh_token: refreshToken });
  }

  private ask(parameters: Record<string, string>): Promise<GrantedTokens> {
    const { base, clientId, clientSecret } = this.settings;
    return askForTokens(`${base}/token`, {
      ...parameters,
      client_id: clientId,
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
    });
  }
}

/** OpenEMR takes assertions of five minutes at most. */
const ASSERTION_SECONDS = 120;

/** SMART Backend Services: client_credentials with private_key_jwt, RS384 being all that OpenEMR takes. */
export class OpenEmrBackendOAuth implements BackendAuthorization {
  constructor(
    private readonly settings: {
      readonly base: string;
      readonly clientId: string;
      /** PKCS #8, PEM. */
      readonly privateKey: string;
      readonly keyId: string;
      readonly scope: string;
    },
  ) {}

  async grant(): Promise<GrantedTokens> {
    const { base, clientId, privateKey, keyId, scope } = this.settings;
    const endpoint = `${base}/token`;
    const assertion = await new SignJWT({})
      .setProtectedHeader({ alg: "RS384", typ: "JWT", kid: keyId })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(endpoint)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${ASSERTION_SECONDS}s`)
      .sign(await importPKCS8(privateKey, "RS384"));
    return askForTokens(endpoint, {
      grant_type: "client_credentials",
      scope,
      client_id: clientId,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    });
  }
}

async function askForTokens(endpoint: string, parameters: Record<string, string>): Promise<GrantedTokens> {
  const { status, json } = await exchange(endpoint, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(parameters),
  });
  if (status !== 200) {
    const code = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) }).safeParse(json);
    throw new OpenEmrError(
      "openemr-unauthorised",
      `OpenEMR gave no token: HTTP ${status} ${code.success ? code.data.error : ""}`.trim(),
      { status },
    );
  }
  const answer = tokenAnswer.safeParse(json);
  if (!answer.success)
    throw new OpenEmrError("openemr-unreadable", "OpenEMR's token endpoint answered something else");
  const { access_token, refresh_token, expires_in } = answer.data;
  return {
    accessToken: access_token,
    refreshToken: refresh_token ?? null,
    lifetimeSeconds: expires_in,
  };
}
