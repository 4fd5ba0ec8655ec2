import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Provider } from "oidc-provider";

/** Audience of the tokens that are for this program. */
export const AUDIENCE = "https://neuronova.example.org";
const CLIENT = "emr-page";
const LANDING = "https://emr.example.org/callback";

export interface ProviderTokens {
  readonly accessToken: string;
  readonly idToken: string;
}

/** A real OpenID provider on loopback, at which people log in by its pages. Its keys change; it can be away. */
export class OpenIdProvider {
  issuer = "";
  /** Of the key set. */
  requests = 0;
  private handler: RequestListener | undefined;
  private working: RequestListener | undefined;
  private keys: JWK[] = [];

  private constructor(
    private readonly server: Server,
    private readonly people: Readonly<Record<string, Record<string, unknown>>>,
  ) {
    server.on("request", (request, response) => {
      if (request.url === "/jwks") this.requests += 1;
      if (this.handler === undefined) response.writeHead(503).end();
      else this.handler(request, response);
    });
  }

  /** @param people claims in the tokens of each, by login name */
  static async start(
    people: Readonly<Record<string, Record<string, unknown>>>,
    kid = "first",
  ): Promise<OpenIdProvider> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const provider = new OpenIdProvider(server, people);
    provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await provider.rotate(kid);
    return provider;
  }

  /** Signs with a new key from now on; those before stay published. */
  async rotate(kid: string): Promise<void> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    this.keys = [{ ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" }, ...this.keys];
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: CLIENT,
          redirect_uris: [LANDING],
          token_endpoint_auth_method: "none",
          grant_types: ["authorization_code"],
          response_types: ["code"],
        },
      ],
      cookies: { keys: [randomBytes(16).toString("hex")] },
      jwks: { keys: this.keys },
      findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
      extraTokenClaims: (_context, token) =>
        "accountId" in token ? this.people[token.accountId] : undefined,
      features: {
        devInteractions: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context, audience) => ({
            scope: "imaging",
            audience,
            accessTokenFormat: "jwt",
            accessTokenTTL: 600,
            jwt: { sign: { alg: "RS256" } },
          }),
        },
      },
    });
    const answer = provider.callback();
    this.working = (request, response) => void answer(request, response);
    this.handler = this.working;
  }

  goAway(): void {
    this.handler = undefined;
  }

  comeBack(): void {
    this.handler = this.working;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Logs in at the provider's pages: authorization code with PKCE (RFC 6749 4.1, RFC 7636). */
  async logIn(login: string, resource = AUDIENCE): Promise<ProviderTokens> {
    const verifier = randomBytes(32).toString("base64url");
    const question = new URLSearchParams({
      client_id: CLIENT,
      response_type: "code",
      scope: "openid imaging",
      redirect_uri: LANDING,
      resource,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    const browser = new Browser();
    let page = await browser.open(`${this.issuer}/auth?${question.toString()}`);
    page = await browser.open(page.address, { prompt: "login", login, password: "any" });
    page = await browser.open(page.address, { prompt: "consent" });
    const code = new URL(page.address).searchParams.get("code") ?? "";
    const response = await fetch(`${this.issuer}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: CLIENT,
        redirect_uri: LANDING,
        code_verifier: verifier,
        code,
        resource,
      }),
    });
    const body = (await response.json()) as { access_token?: string; id_token?: string };
    if (body.access_token === undefined || body.id_token === undefined)
      throw new Error(`the provider answered ${response.status}: ${JSON.stringify(body)}`);
    return { accessToken: body.access_token, idToken: body.id_token };
  }
}

/** As much of a browser as the provider's pages need: cookies and redirects. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  /** Opens an address, or sends a form to it, and follows redirects until there is a page, or a foreign address. */
  async open(address: string, form?: Record<string, string>): Promise<{ readonly address: string }> {
    const { origin } = new URL(address);
    let next = address;
    let fields = form;
    for (;;) {
      const response = await fetch(next, {
        redirect: "manual",
        headers: { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
        ...(fields === undefined ? {} : { method: "POST", body: new URLSearchParams(fields) }),
      });
      const text = await response.text();
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
        this.cookies.set(name, value);
      }
      const location = response.headers.get("location");
      if (location === null) {
        if (!response.ok) throw new Error(`${next} answered ${response.status}: ${text}`);
        return { address: next };
      }
      next = new URL(location, next).href;
      fields = undefined;
      if (new URL(next).origin !== origin) return { address: next };
    }
  }
}
