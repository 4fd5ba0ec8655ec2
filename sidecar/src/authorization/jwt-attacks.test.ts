import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attacksFrom } from "../../test/tokens/attacks.js";
import {
  AUDIENCE,
  CLINIC,
  HOSPITAL,
  OWN_KEY,
  attacker,
  clinic,
  es256,
  goodClaims,
  goodHeader,
  hospital,
  hs256,
  now,
  ownClaims,
  ownHeader,
  rs256,
} from "../../test/tokens/forge.js";
import { trustingDirectory } from "../../test/tokens/trusting-directory.js";
import { AccessTokens } from "./access-token.js";
import { BearerTokens } from "./bearer-tokens.js";
import { ExternalTokens } from "./external-tokens.js";
import { identityProviderSchema } from "./identity-provider.js";

let server: Server;
let fetched: string[] = [];
let address = "";
let tokens: BearerTokens;

beforeAll(async () => {
  const jwks: Record<string, object> = {
    "/hospital": {
      keys: [{ ...(await exportJWK(hospital.publicKey)), kid: "h1", alg: "RS256", use: "sig" }],
    },
    "/clinic": { keys: [{ ...(await exportJWK(clinic.publicKey)), kid: "c1", alg: "ES256", use: "sig" }] },
    "/attacker": {
      keys: [{ ...(await exportJWK(attacker.publicKey)), kid: "h1", alg: "RS256", use: "sig" }],
    },
  };
  server = createServer((request, response) => {
    fetched.push(request.url ?? "");
    response.setHeader("Content-Type", "application/jwk-set+json");
    response.end(JSON.stringify(jwks[request.url ?? ""] ?? {}));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const external = (issuer: string, path: string, algorithm: string) =>
    new ExternalTokens(
      identityProviderSchema.parse({
        issuer,
        jwksUri: address + path,
        audiences: [AUDIENCE],
        algorithms: [algorithm],
        roleClaim: ["role"],
        roles: { doctor: "doctor" },
        labels: ["*"],
      }),
      trustingDirectory,
    );
  tokens = new BearerTokens(
    new AccessTokens(OWN_KEY, trustingDirectory),
    {
      recognise: () => false,
      verify: () => Promise.reject(new Error("no API key")),
      forgetIdentities: () => undefined,
    },
    new Map([
      [HOSPITAL, external(HOSPITAL, "/hospital", "RS256")],
      [CLINIC, external(CLINIC, "/clinic", "ES256")],
    ]),
  );
});

afterAll(() => server.close());

describe("tokens that are good", () => {
  test("are taken: what is refused below is refused for its own reason", async () => {
    expect(await tokens.verify(rs256(goodHeader, goodClaims()))).toMatchObject({ role: "doctor" });
    expect(await tokens.verify(rs256(goodHeader, JSON.stringify(goodClaims())))).toMatchObject({
      role: "doctor",
    });
    const clinicHeader = { alg: "ES256", typ: "at+jwt", kid: "c1" };
    expect(await tokens.verify(es256(clinicHeader, { ...goodClaims(), iss: CLINIC }))).toMatchObject({
      role: "doctor",
    });
    expect(await tokens.verify(hs256(ownHeader, ownClaims(), OWN_KEY))).toMatchObject({ role: "admin" });
  });
});

describe("a token is refused", () => {
  test.each(attacksFrom(() => address))("with %s", async (_name, make) => {
    fetched = [];
    await expect(tokens.verify(await make())).rejects.toMatchObject({ status: 401, code: "token-invalid" });
    // Whatever the token says, only configured addresses are asked.
    expect(fetched.filter((path) => path !== "/hospital" && path !== "/clinic")).toEqual([]);
  });

  test("once it has expired, beyond the clock tolerance", async () => {
    const expired = (ago: number) =>
      rs256(goodHeader, { ...goodClaims(), iat: now() - 400, nbf: now() - 400, exp: now() - ago });
    expect(await tokens.verify(expired(20))).toMatchObject({ role: "doctor" });
    await expect(tokens.verify(expired(40))).rejects.toMatchObject({ status: 401, code: "token-expired" });
  });

  test("without a word of what was wrong with it or of its contents", async () => {
    const answers = await Promise.all(
      [rs256(goodHeader, { ...goodClaims(), aud: "secret-audience" }), "garbage"].map((token) =>
        tokens.verify(token).catch((error: unknown) => error as Error),
      ),
    );
    expect(answers.map((answer) => (answer as Error).message)).toEqual([
      "The access token is not valid.",
      "The access token is not valid.",
    ]);
  });
});
