import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, type JWK } from "jose";
import { Provider } from "oidc-provider";

const AUDIENCE = "https://fhir.example.org";
export const SCOPE = "system/*.cruds";

/** A FHIR server behind a door that takes the tokens of a real OAuth 2.0 token endpoint, `private_key_jwt` only. */
export class GuardedFhirServer {
  url = "";
  tokenUrl = "";
  /** Of the token endpoint. */
  tokenRequests = 0;
  /** Requests that the door let through. */
  admitted = 0;
  private readonly revoked = new Set<string>();
  private latest = "";
  private isAway = false;

  private constructor(
    private readonly door: Server,
    private readonly endpoint: Server,
  ) {}

  /** @param client its identifier and public key */
  static async start(
    fhirUrl: string,
    client: { readonly id: string; readonly key: JWK },
    tokenSeconds: number,
  ): Promise<GuardedFhirServer> {
    const [door, endpoint] = [createServer(), createServer()];
    for (const server of [door, endpoint]) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
    const issuer = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`;
    const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
    const keys = createLocalJWKSet({
      keys: [{ ...(await exportJWK(publicKey)), alg: "RS256", kid: "server" }],
    });
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: client.id,
          token_endpoint_auth_method: "private_key_jwt",
          grant_types: ["client_credentials"],
          response_types: [],
          redirect_uris: [],
          scope: SCOPE,
          jwks: { keys: [client.key] },
        },
      ],
      scopes: [SCOPE],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "RS256", kid: "server", use: "sig" }] },
      enabledJWA: { clientAuthSigningAlgValues: ["RS384", "ES384"] },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          defaultResource: () => AUDIENCE,
          getResourceServerInfo: () => ({
            scope: SCOPE,
            audience: AUDIENCE,
            accessTokenFormat: "jwt",
            accessTokenTTL: tokenSeconds,
            jwt: { sign: { alg: "RS256" } },
          }),
        },
      },
    });
    const guarded = new GuardedFhirServer(door, endpoint);
    guarded.url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`;
    guarded.tokenUrl = `${issuer}/token`;
    const answer = provider.callback();
    endpoint.on("request", (incoming, outgoing) => {
      guarded.tokenRequests += 1;
      if (guarded.isAway) outgoing.writeHead(503).end();
      else void answer(incoming, outgoing);
    });
    door.on("request", (incoming, outgoing) => {
      if (incoming.url === "/.well-known/smart-configuration")
        outgoing
          .writeHead(200, { "Content-Type": "application/json" })
          .end(JSON.stringify({ token_endpoint: guarded.tokenUrl }));
      else void guarded.admit(incoming, outgoing, fhirUrl, keys);
    });
    return guarded;
  }

  /** The door takes the latest token no more, before its time. */
  revokeLatest(): void {
    this.revoked.add(this.latest);
  }

  /** The token endpoint, not the FHIR server. */
  setAway(isAway: boolean): void {
    this.isAway = isAway;
  }

  stop(): void {
    for (const server of [this.door, this.endpoint]) {
      server.closeAllConnections();
      server.close();
    }
  }

  private async admit(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    fhirUrl: string,
    keys: ReturnType<typeof createLocalJWKSet>,
  ): Promise<void> {
    const [, token = ""] = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? "") ?? [];
    try {
      const { payload } = await jwtVerify(token, keys, { audience: AUDIENCE });
      if (payload["scope"] !== SCOPE || this.revoked.has(token)) throw new Error("not this one");
    } catch {
      incoming.resume();
      outgoing.writeHead(401, { "WWW-Authenticate": "Bearer" }).end();
      return;
    }
    this.latest = token;
    this.admitted += 1;
    const headers = { ...incoming.headers };
    delete headers.authorization;
    delete headers.host;
    const onward = request(
      `${fhirUrl}${incoming.url ?? ""}`,
      { method: incoming.method ?? "GET", headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  }
}
