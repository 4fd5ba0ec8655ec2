import fc from "fast-check";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK } from "jose";
import { afterAll, expect } from "vitest";
import { AccessTokens } from "../../src/authorization/access-token.js";
import { BearerTokens } from "../../src/authorization/bearer-tokens.js";
import { ExternalTokens } from "../../src/authorization/external-tokens.js";
import { identityProviderSchema } from "../../src/authorization/identity-provider.js";
import { ApiError } from "../../src/error-response.js";
import {
  AUDIENCE,
  HOSPITAL,
  OWN_KEY,
  encode,
  goodClaims,
  goodHeader,
  hospital,
  hs256,
  ownClaims,
  ownHeader,
  rs256,
} from "../tokens/forge.js";
import { trustingDirectory } from "../tokens/trusting-directory.js";
import { fuzz } from "./fuzz.js";
import { mutated } from "./mutation.js";

const keys = { keys: [{ ...(await exportJWK(hospital.publicKey)), kid: "h1", alg: "RS256", use: "sig" }] };
const server = createServer((_request, response) => response.end(JSON.stringify(keys))).listen(
  0,
  "127.0.0.1",
);
await once(server, "listening");
afterAll(() => server.close());
const provider = identityProviderSchema.parse({
  issuer: HOSPITAL,
  jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  audiences: [AUDIENCE],
  algorithms: ["RS256"],
  roleClaim: ["role"],
  roles: { doctor: "doctor" },
  labels: ["*"],
});
const tokens = new BearerTokens(
  new AccessTokens(OWN_KEY, trustingDirectory),
  {
    recognise: () => false,
    verify: () => Promise.reject(new Error("no API key")),
    forgetIdentities: () => undefined,
  },
  new Map([[HOSPITAL, new ExternalTokens(provider, trustingDirectory)]]),
);

async function refused(token: string): Promise<void> {
  const error: unknown = await tokens.verify(token).then(
    () => expect.fail("the token was taken"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw error;
  expect(error.status).toBe(401);
  expect(["token-invalid", "token-expired"]).toContain(error.code);
}

const good = [hs256(ownHeader, ownClaims(), OWN_KEY), rs256(goodHeader, goodClaims())];

fuzz("no changed token is taken", mutated(good.map((token) => Buffer.from(token))), async (bytes) => {
  const token = bytes.toString("latin1");
  if (!good.includes(token)) await refused(token);
});

const anyHeader = fc.oneof(
  fc.constant(ownHeader),
  fc.constant(goodHeader),
  fc.json(),
  fc.dictionary(fc.constantFrom("alg", "typ", "kid", "crit", "jwk", "b64"), fc.jsonValue()),
);
fuzz(
  "whatever a token that nobody signed says, it is refused",
  fc.tuple(anyHeader, fc.oneof(fc.json(), fc.constant(ownClaims()), fc.string()), fc.base64String()),
  ([header, claims, signature]) => refused(`${encode(header)}.${encode(claims)}.${signature}`),
);

const claim = fc.oneof(fc.jsonValue(), fc.integer(), fc.constantFrom("", "\0", -1, 1e300, null, [], {}));
fuzz(
  "a signed token with any claims is of somebody by all of them, or refused",
  fc.dictionary(
    fc.constantFrom("sub", "ver", "sid", "scope", "iat", "nbf", "exp", "jti", "aud", "iss", "role"),
    claim,
    { minKeys: 1 },
  ),
  async (changed) => {
    for (const token of [
      hs256(ownHeader, { ...ownClaims(), ...changed }, OWN_KEY),
      rs256(goodHeader, { ...goodClaims(), ...changed }),
    ]) {
      const known = await tokens.verify(token).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 401) return undefined;
        throw error;
      });
      if (known === undefined) continue;
      expect(known.subject).not.toBe("");
      expect(known.expiresAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    }
  },
);
