import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { ExternalTokens } from "./external-tokens.js";
import { identityProviderSchema } from "./identity-provider.js";
import { JWKS_COOLDOWN_SECONDS } from "./provider-keys.js";

const AUDIENCE = "https://neuronova.example.org";
const SECRET = "the secret of a client on loopback";

/** A real OpenID provider on loopback, whose keys can be changed and which can be away. */
class LocalProvider {
  readonly server: Server;
  issuer = "";
  jwksRequests = 0;
  private handler: RequestListener | undefined;

  constructor() {
    this.server = createServer((request, response) => {
      if (request.url === "/jwks") this.jwksRequests += 1;
      if (this.handler) this.handler(request, response);
      else response.writeHead(503).end();
    });
  }

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.issuer = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async useKey(kid: string, claims: Record<string, unknown>): Promise<void> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: "emr-user",
          client_secret: SECRET,
          grant_types: ["client_credentials"],
          redirect_uris: [],
          response_types: [],
          token_endpoint_auth_method: "client_secret_post",
        },
      ],
      jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: "RS256", use: "sig" }] },
      features: {
        clientCredentials: { enabled: true },
        devInteractions: { enabled: false },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context, resource) => ({
            scope: "",
            audience: resource,
            accessTokenFormat: "jwt",
            accessTokenTTL: 600,
            jwt: { sign: { alg: "RS256" } },
          }),
        },
      },
      extraTokenClaims: () => claims,
    });
    const answer = provider.callback();
    this.handler = (request, response) => void answer(request, response);
  }

  goAway(): void {
    this.handler = undefined;
  }

  async token(resource = AUDIENCE): Promise<string> {
    const response = await fetch(`${this.issuer}/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: "emr-user",
        client_secret: SECRET,
        resource,
      }),
    });
    const body = (await response.json()) as { access_token?: string };
    if (body.access_token === undefined)
      throw new Error(`the provider answered ${response.status}: ${JSON.stringify(body)}`);
    return body.access_token;
  }
}

const provider = new LocalProvider();
const other = new LocalProvider();
const directory = { grantsOf: () => Promise.resolve([]) };

function tokensOf(change: object = {}, issuer = provider.issuer): ExternalTokens {
  return new ExternalTokens(
    identityProviderSchema.parse({
      issuer,
      audiences: [AUDIENCE],
      roleClaim: ["realm_access", "roles"],
      roles: { chief: "admin", physician: "doctor", patient: "patient" },
      patientClaim: ["patient_id"],
      issuerOfPatientId: "Hospital",
      labelsClaim: ["labels"],
      nameClaim: ["preferred_username"],
      ...change,
    }),
    directory,
  );
}

const physician = {
  realm_access: { roles: ["offline", "physician"] },
  labels: ["cardio", "neuro"],
  preferred_username: "kim",
  patient_id: "P-9",
};

beforeAll(async () => {
  await Promise.all([provider.start(), other.start()]);
  await provider.useKey("first", physician);
  await other.useKey("first", physician);
});
afterEach(() => vi.useRealTimers());
afterAll(() => {
  provider.server.close();
  other.server.close();
});

/** Moves the clock on; timers of the network stay real. */
function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + seconds * 1_000 });
}

describe("an access token of an OpenID provider", () => {
  test("says who it is of, with role and labels as configured", async () => {
    const principal = await tokensOf().verify(await provider.token());
    expect(principal).toMatchObject({
      subject: `oidc:${provider.issuer}#emr-user`,
      kind: "oidc",
      displayName: "kim",
      role: "doctor",
      labels: ["cardio", "neuro"],
      patient: null,
      studyInstanceUids: null,
    });
  });

  test("of a patient holds them to their own studies", async () => {
    await provider.useKey("first", { realm_access: { roles: ["patient"] }, patient_id: "P-9" });
    expect(await tokensOf().verify(await provider.token())).toMatchObject({
      role: "patient",
      patient: { patientId: "P-9", issuerOfPatientId: "Hospital" },
    });
    await provider.useKey("first", { realm_access: { roles: ["patient"] } });
    expect(await tokensOf().verify(await provider.token())).toMatchObject({ studyInstanceUids: [] });
    await provider.useKey("first", physician);
  });

  test("of somebody without a role here may do nothing", async () => {
    await provider.useKey("first", { realm_access: { roles: ["cook", "constructor"] } });
    const principal = await tokensOf().verify(await provider.token());
    expect(principal.role).toBeNull();
    expect(principal.permissions.size).toBe(0);
    await provider.useKey("first", physician);
  });

  test("with labels that cannot be read reaches nothing", async () => {
    await provider.useKey("first", { ...physician, labels: ["cardio", "*"] });
    expect((await tokensOf().verify(await provider.token())).labels).toEqual([]);
    await provider.useKey("first", physician);
  });

  test("signed with a new key is taken once the keys were fetched again, which is not done at will", async () => {
    const tokens = tokensOf();
    await tokens.verify(await provider.token());
    await provider.useKey("second", physician);
    const rotated = await provider.token();
    const before = provider.jwksRequests;
    for (let attempt = 0; attempt < 20; attempt += 1)
      await expect(tokens.verify(rotated)).rejects.toMatchObject({ status: 401, code: "token-invalid" });
    expect(provider.jwksRequests).toBe(before);
    later(JWKS_COOLDOWN_SECONDS + 1);
    expect(await tokens.verify(rotated)).toMatchObject({ role: "doctor" });
    expect(provider.jwksRequests).toBe(before + 1);
  });

  test("is not called invalid while the provider is away, and is taken when it is back", async () => {
    const token = await provider.token();
    const tokens = tokensOf();
    provider.goAway();
    await expect(tokens.verify(token)).rejects.toMatchObject({
      status: 503,
      code: "identity-provider-unavailable",
    });
    const { issuer } = provider;
    await provider.useKey("third", physician);
    later(JWKS_COOLDOWN_SECONDS + 1);
    expect(await tokens.verify(await provider.token())).toMatchObject({ subject: `oidc:${issuer}#emr-user` });
  });

  test("for another audience, of another issuer's keys, too old or too long-lived is refused", async () => {
    const token = await provider.token();
    const refused = { status: 401, code: "token-invalid" };
    await expect(tokensOf().verify(await provider.token("https://else.example.org"))).rejects.toMatchObject(
      refused,
    );
    await expect(tokensOf({}, other.issuer).verify(token)).rejects.toMatchObject(refused);
    await expect(tokensOf({ longestLifeSeconds: 599 }).verify(token)).rejects.toMatchObject(refused);
    await expect(tokensOf({ types: ["JWT"] }).verify(token)).rejects.toMatchObject(refused);
    await expect(tokensOf({ algorithms: ["ES256"] }).verify(token)).rejects.toMatchObject(refused);
    await expect(tokensOf({ requiredClaims: { typ: "Bearer" } }).verify(token)).rejects.toMatchObject(
      refused,
    );
    const tokens = tokensOf();
    await tokens.verify(token);
    later(631);
    await expect(tokens.verify(token)).rejects.toMatchObject({ status: 401, code: "token-expired" });
  });
});

describe("the configuration of a provider", () => {
  test.each([
    ["an issuer over an open network", { issuer: "http://id.example.org" }],
    ["a shared secret's algorithm", { algorithms: ["HS256"] }],
    ["no algorithm at all", { algorithms: ["none"] }],
    ["no audience", { audiences: [] }],
    ["a role that does not exist", { roles: { x: "root" } }],
    ["a field it does not know", { audience: "x" }],
  ])("is refused with %s", (_name, change) => {
    const good = { issuer: "https://id.example.org", audiences: ["x"], roleClaim: ["role"], roles: {} };
    expect(identityProviderSchema.safeParse(good).success).toBe(true);
    expect(identityProviderSchema.safeParse({ ...good, ...change }).success).toBe(false);
  });
});
