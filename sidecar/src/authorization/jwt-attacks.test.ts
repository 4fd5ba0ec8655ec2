import { createHmac, createSign, generateKeyPairSync, sign as signBytes, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CompactEncrypt, SignJWT, exportJWK, exportSPKI } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AccessTokens } from "./access-token.js";
import { BearerTokens } from "./bearer-tokens.js";
import { ExternalTokens } from "./external-tokens.js";
import { identityProviderSchema } from "./identity-provider.js";
import { permissionsOf } from "./permissions.js";

const OWN_KEY = "a signing key of at least 32 characters";
const AUDIENCE = "https://neuronova.example.org";
const HOSPITAL = "https://hospital.example.org";
const CLINIC = "https://clinic.example.org";
const hospital = generateKeyPairSync("rsa", { modulusLength: 2048 });
const clinic = generateKeyPairSync("ec", { namedCurve: "P-256" });
const attacker = generateKeyPairSync("rsa", { modulusLength: 2048 });

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
  const directory = {
    grantsOf: () => Promise.resolve([]),
    identity: ({ subject }: { subject: string }) =>
      Promise.resolve({
        subject,
        kind: "account" as const,
        displayName: "",
        role: "admin" as const,
        permissions: permissionsOf("admin"),
        labels: ["*"],
        patient: null,
        studyInstanceUids: null,
        grants: [],
      }),
  };
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
      directory,
    );
  tokens = new BearerTokens(
    new AccessTokens(OWN_KEY, directory),
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

const now = () => Math.floor(Date.now() / 1_000);
const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const goodHeader = { alg: "RS256", typ: "at+jwt", kid: "h1" };
const goodClaims = () => ({
  iss: HOSPITAL,
  aud: AUDIENCE,
  sub: "dr-kim",
  role: "doctor",
  iat: now(),
  nbf: now(),
  exp: now() + 300,
  jti: "1",
});

/** Signs whatever header and claims, as text when given as text. */
function rs256(header: unknown, claims: unknown, key: KeyObject = hospital.privateKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createSign("RSA-SHA256").update(input).sign(key).toString("base64url")}`;
}
function es256(header: unknown, claims: unknown): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = signBytes("sha256", Buffer.from(input), {
    key: clinic.privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${input}.${signature.toString("base64url")}`;
}
function hs256(header: unknown, claims: unknown, secret: string | Buffer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}
const ownClaims = () => ({
  iss: "neuronova",
  aud: "neuronova",
  sub: "account:1",
  ver: 0,
  iat: now(),
  nbf: now(),
  exp: now() + 300,
  jti: "1",
});
const ownHeader = { alg: "HS256", typ: "at+jwt" };

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

const attacks: [string, () => string | Promise<string>][] = [
  // RFC 8725 2.1, 3.1: the algorithm is not the token's to choose
  ...["none", "None", "NONE", "nOnE", ""].flatMap((alg): [string, () => string][] => [
    [`alg "${alg}" without signature`, () => `${encode({ ...goodHeader, alg })}.${encode(goodClaims())}.`],
    [`alg "${alg}" with a signature`, () => rs256({ ...goodHeader, alg }, goodClaims())],
    [`alg "${alg}" for our own issuer`, () => `${encode({ ...ownHeader, alg })}.${encode(ownClaims())}.`],
  ]),
  [
    "the RSA public key (PEM) as an HMAC secret",
    async () => hs256({ ...goodHeader, alg: "HS256" }, goodClaims(), await exportSPKI(hospital.publicKey)),
  ],
  [
    "the RSA public key (PEM with a line's end) as an HMAC secret",
    () =>
      hs256(
        { ...goodHeader, alg: "HS256" },
        goodClaims(),
        hospital.publicKey.export({ type: "spki", format: "pem" }),
      ),
  ],
  [
    "the RSA public key (DER) as an HMAC secret",
    () =>
      hs256(
        { ...goodHeader, alg: "HS256" },
        goodClaims(),
        hospital.publicKey.export({ type: "spki", format: "der" }),
      ),
  ],
  [
    "the RSA modulus as an HMAC secret",
    async () =>
      hs256({ ...goodHeader, alg: "HS256" }, goodClaims(), (await exportJWK(hospital.publicKey)).n ?? ""),
  ],
  ["an empty HMAC secret", () => hs256({ ...goodHeader, alg: "HS256" }, goodClaims(), "")],
  [
    "our own HMAC key for an external issuer",
    () => hs256({ ...ownHeader, kid: "h1" }, goodClaims(), OWN_KEY),
  ],
  ["an external key for our own issuer", () => rs256(goodHeader, ownClaims())],
  [
    "our own issuer with HS512 instead of HS256",
    async () =>
      new SignJWT(ownClaims())
        .setProtectedHeader({ alg: "HS512", typ: "at+jwt" })
        .sign(Buffer.from(OWN_KEY.repeat(2))),
  ],
  [
    "PS256 where RS256 is configured",
    async () =>
      new SignJWT(goodClaims()).setProtectedHeader({ ...goodHeader, alg: "PS256" }).sign(hospital.privateKey),
  ],
  [
    "RS512 where RS256 is configured",
    async () =>
      new SignJWT(goodClaims()).setProtectedHeader({ ...goodHeader, alg: "RS512" }).sign(hospital.privateKey),
  ],
  // RFC 8725 3.10: keys are not the token's to bring
  [
    "its own key in jwk",
    async () =>
      rs256({ ...goodHeader, jwk: await exportJWK(attacker.publicKey) }, goodClaims(), attacker.privateKey),
  ],
  [
    "its own key at jku",
    () => rs256({ ...goodHeader, jku: `${address}/attacker` }, goodClaims(), attacker.privateKey),
  ],
  [
    "its own certificate at x5u",
    () => rs256({ ...goodHeader, x5u: `${address}/attacker` }, goodClaims(), attacker.privateKey),
  ],
  [
    "its own certificate in x5c",
    () => rs256({ ...goodHeader, x5c: ["MIIB"] }, goodClaims(), attacker.privateKey),
  ],
  [
    "a jku beside the right signature",
    () => rs256({ ...goodHeader, jku: `${address}/hospital` }, goodClaims()),
  ],
  ["somebody else's signature under a known kid", () => rs256(goodHeader, goodClaims(), attacker.privateKey)],
  ["an unknown kid", () => rs256({ ...goodHeader, kid: "h2" }, goodClaims())],
  ["a kid like a path", () => rs256({ ...goodHeader, kid: "../../dev/null" }, goodClaims())],
  ["a kid like SQL", () => rs256({ ...goodHeader, kid: "' OR 1=1 --" }, goodClaims())],
  ["a kid that is no text", () => rs256({ ...goodHeader, kid: { h1: true } }, goodClaims())],
  // RFC 7515 4.1.11
  ["an extension in crit", () => rs256({ ...goodHeader, crit: ["exp"], exp: 1 }, goodClaims())],
  ["an unencoded payload (b64)", () => rs256({ ...goodHeader, b64: false, crit: ["b64"] }, goodClaims())],
  ["compression", () => rs256({ ...goodHeader, zip: "DEF" }, goodClaims())],
  // RFC 7519 4: two parsers, two tokens
  [
    "a claim twice",
    () => rs256(goodHeader, JSON.stringify(goodClaims()).replace('"role"', '"sub":"chief","role"')),
  ],
  [
    "a claim twice, escaped",
    () => rs256(goodHeader, JSON.stringify(goodClaims()).replace('"role"', '"r\\u006fle":"doctor","role"')),
  ],
  [
    "a claim twice within a claim",
    () => rs256(goodHeader, JSON.stringify(goodClaims()).replace("{", '{"x":{"a":1,"a":2},')),
  ],
  [
    "a header member twice",
    () => rs256(JSON.stringify(goodHeader).replace("{", '{"alg":"none",'), goodClaims()),
  ],
  // Sizes and shapes
  ["12,001 characters and more", () => rs256(goodHeader, { ...goodClaims(), pad: "x".repeat(12_000) })],
  ["ten million characters", () => "a".repeat(10_000_000)],
  ["deep nesting", () => rs256(goodHeader, `{"x":${"[".repeat(4_000)}`)],
  ["a nested token", () => rs256({ ...goodHeader, cty: "JWT" }, goodClaims())],
  [
    "encryption",
    async () =>
      new CompactEncrypt(Buffer.from(JSON.stringify(goodClaims())))
        .setProtectedHeader({ alg: "RSA-OAEP", enc: "A256GCM" })
        .encrypt(hospital.publicKey),
  ],
  ["no signature", () => rs256(goodHeader, goodClaims()).split(".").slice(0, 2).join(".")],
  ["an empty signature", () => `${rs256(goodHeader, goodClaims()).split(".").slice(0, 2).join(".")}.`],
  ["a changed signature", () => `${rs256(goodHeader, goodClaims()).slice(0, -6)}AAAAAA`],
  [
    "changed claims under an old signature",
    () => {
      const [header, , signature] = rs256(goodHeader, goodClaims()).split(".");
      return [header, encode({ ...goodClaims(), sub: "chief" }), signature].join(".");
    },
  ],
  [
    "an ECDSA signature of zeros",
    () => {
      const input = es256({ alg: "ES256", typ: "at+jwt", kid: "c1" }, { ...goodClaims(), iss: CLINIC });
      return `${input.split(".").slice(0, 2).join(".")}.${Buffer.alloc(64).toString("base64url")}`;
    },
  ],
  ["a fourth part", () => `${rs256(goodHeader, goodClaims())}.x`],
  ["padding", () => `${rs256(goodHeader, goodClaims())}=`],
  [
    "octets that are no text",
    () => `${encode(goodHeader)}.${Buffer.from([0x7b, 0xff, 0x7d]).toString("base64url")}.AAAA`,
  ],
  ["claims that are a list", () => rs256(goodHeader, [goodClaims()])],
  ["JSON serialisation", () => JSON.stringify({ payload: encode(goodClaims()), signatures: [] })],
  ["nothing", () => ""],
  // Claims
  ["another issuer", () => rs256(goodHeader, { ...goodClaims(), iss: "https://evil.example.org" })],
  ["an issuer with a slash more", () => rs256(goodHeader, { ...goodClaims(), iss: `${HOSPITAL}/` })],
  ["an issuer in a list", () => rs256(goodHeader, { ...goodClaims(), iss: [HOSPITAL] })],
  ["no issuer", () => rs256(goodHeader, { ...goodClaims(), iss: undefined })],
  [
    "an issuer named like a property of objects",
    () => rs256(goodHeader, { ...goodClaims(), iss: "constructor" }),
  ],
  ["one issuer's name and another's key", () => rs256(goodHeader, { ...goodClaims(), iss: CLINIC })],
  [
    "one issuer's name and another's key, the other way",
    () => es256({ alg: "ES256", typ: "at+jwt", kid: "c1" }, goodClaims()),
  ],
  ["another audience", () => rs256(goodHeader, { ...goodClaims(), aud: "https://else.example.org" })],
  ["other audiences", () => rs256(goodHeader, { ...goodClaims(), aud: ["a", "b"] })],
  ["no audience", () => rs256(goodHeader, { ...goodClaims(), aud: undefined })],
  ["a future nbf", () => rs256(goodHeader, { ...goodClaims(), nbf: now() + 120 })],
  ["a future iat", () => rs256(goodHeader, { ...goodClaims(), iat: now() + 120 })],
  ["no exp", () => rs256(goodHeader, { ...goodClaims(), exp: undefined })],
  ["an exp that is text", () => rs256(goodHeader, { ...goodClaims(), exp: String(now() + 300) })],
  [
    "an exp beyond all numbers",
    () => rs256(goodHeader, JSON.stringify(goodClaims()).replace(/"exp":\d+/, '"exp":1e999')),
  ],
  ["a life of a year", () => rs256(goodHeader, { ...goodClaims(), exp: now() + 31_536_000 })],
  ["no subject", () => rs256(goodHeader, { ...goodClaims(), sub: undefined })],
  ["a subject with a line's end", () => rs256(goodHeader, { ...goodClaims(), sub: "a\nb" })],
  // RFC 8725 3.11: an ID token is no access token
  ["the type of an ID token", () => rs256({ ...goodHeader, typ: "JWT" }, goodClaims())],
  ["no type", () => rs256({ alg: "RS256", kid: "h1" }, goodClaims())],
  ["the type of a logout token", () => rs256({ ...goodHeader, typ: "logout+jwt" }, goodClaims())],
  ["our own issuer with another type", () => hs256({ ...ownHeader, typ: "JWT" }, ownClaims(), OWN_KEY)],
];

describe("a token is refused", () => {
  test.each(attacks)("with %s", async (_name, make) => {
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
