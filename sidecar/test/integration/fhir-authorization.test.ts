import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { BackendServices } from "../../src/adapters/fhir/backend-services.js";
import { fhirAuthorization } from "../../src/adapters/fhir/fhir-authorization.js";
import { FhirHttp } from "../../src/adapters/fhir/fhir-http.js";
import { clientKeySchema, type ClientKey } from "../../src/fhir/client-key.js";
import { startEmbedded, type FhirServerProcess } from "../fhir/fhir-servers.js";
import { GuardedFhirServer, SCOPE } from "../fhir/guarded-fhir-server.js";

const CLIENT = "neuronova";
const TOKEN_SECONDS = 100;

let fhir: FhirServerProcess;
let guarded: GuardedFhirServer | undefined;

beforeAll(async () => {
  fhir = await startEmbedded();
});
afterAll(() => fhir.stop());
afterEach(() => guarded?.stop());

async function keyPair(alg: "RS384" | "ES384"): Promise<{ publicKey: JWK; privateKey: ClientKey }> {
  const pair = await generateKeyPair(alg, { extractable: true });
  const named = { kid: `key-${alg}`, alg };
  return {
    publicKey: { ...(await exportJWK(pair.publicKey)), ...named, use: "sig" },
    privateKey: clientKeySchema.parse(JSON.stringify({ ...(await exportJWK(pair.privateKey)), ...named })),
  };
}

/** A guarded FHIR server, and our client to it. */
async function connect(
  alg: "RS384" | "ES384" = "RS384",
  options: { discover?: boolean; wrongKey?: boolean } = {},
) {
  const { publicKey, privateKey } = await keyPair(alg);
  const server = await GuardedFhirServer.start(fhir.url, { id: CLIENT, key: publicKey }, TOKEN_SECONDS);
  guarded = server;
  const clock = { now: Date.now() };
  const authorization = new BackendServices(
    {
      fhirUrl: server.url,
      tokenUrl: options.discover ? undefined : server.tokenUrl,
      clientId: CLIENT,
      key: options.wrongKey ? (await keyPair(alg)).privateKey : privateKey,
      scope: SCOPE,
    },
    () => clock.now,
  );
  return { server, clock, http: new FhirHttp(server.url, 10_000, authorization) };
}

describe("SMART Backend Services", () => {
  test.each(["RS384", "ES384"] as const)("an assertion signed with %s gets a token, and in", async (alg) => {
    const { server, http } = await connect(alg);
    expect(await http.search("Patient", {})).toEqual([]);
    expect(server).toMatchObject({ tokenRequests: 1, admitted: 1 });
  });

  test("the token endpoint is where the FHIR server says", async () => {
    const { server, http } = await connect("RS384", { discover: true });
    await http.ping();
    expect(server.admitted).toBe(1);
  });

  test("fifty askers at the same time are one request for a token", async () => {
    const { server, http } = await connect();
    await Promise.all(Array.from({ length: 50 }, () => http.ping()));
    expect(server).toMatchObject({ tokenRequests: 1, admitted: 50 });
  });

  test("a token is used until nine tenths of its life", async () => {
    const { server, http, clock } = await connect();
    await http.ping();
    clock.now += TOKEN_SECONDS * 1_000 * 0.89;
    await http.ping();
    expect(server.tokenRequests).toBe(1);
    clock.now += TOKEN_SECONDS * 1_000 * 0.02;
    await http.ping();
    expect(server.tokenRequests).toBe(2);
  });

  test("a token that is refused is replaced once, and the request goes through", async () => {
    const { server, http } = await connect();
    await http.ping();
    server.revokeLatest();
    await http.ping();
    expect(server).toMatchObject({ tokenRequests: 2, admitted: 2 });
  });

  test("a key that the endpoint does not know is a fault of the settings, and no secret is in it", async () => {
    const { server, http } = await connect("RS384", { wrongKey: true });
    const fault: unknown = await http.ping().catch((error: unknown) => error);
    expect(fault).toMatchObject({ code: "fhir-unauthorized", concerns: "settings", retryable: true });
    expect((fault as Error).message).toBe(
      "the FHIR server's token endpoint gave no token: HTTP 401 invalid_client",
    );
    expect(server.admitted).toBe(0);
  });

  test("an endpoint that is away is tried again, and is back when it is back", async () => {
    const { server, http } = await connect();
    server.setAway(true);
    await expect(http.ping()).rejects.toMatchObject({ code: "fhir-unavailable", concerns: "destination" });
    server.setAway(false);
    await http.ping();
    expect(server.admitted).toBe(1);
  });
});

test.each([
  ["none", {}, undefined],
  ["basic", { NEURONOVA_FHIR_USERNAME: "löwe", NEURONOVA_FHIR_PASSWORD: "a:b" }, "Basic bMO2d2U6YTpi"],
  ["bearer", { NEURONOVA_FHIR_TOKEN: "abc.def" }, "Bearer abc.def"],
] as const)(
  "%s authorization shows what it should, and a 401 to it is a fault of the settings",
  async (way, rest, shown) => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const authorization = fhirAuthorization({
        NEURONOVA_FHIR_URL: url,
        NEURONOVA_FHIR_AUTHORIZATION: way,
        NEURONOVA_FHIR_USERNAME: undefined,
        NEURONOVA_FHIR_PASSWORD: undefined,
        NEURONOVA_FHIR_TOKEN: undefined,
        NEURONOVA_FHIR_CLIENT_ID: undefined,
        NEURONOVA_FHIR_CLIENT_KEY: undefined,
        NEURONOVA_FHIR_TOKEN_URL: undefined,
        NEURONOVA_FHIR_SCOPE: SCOPE,
        ...rest,
      });
      await expect(new FhirHttp(url, 10_000, authorization).ping()).rejects.toMatchObject({
        code: "fhir-unauthorized",
      });
      expect(seen).toEqual([shown]);
    } finally {
      server.close();
    }
  },
);
