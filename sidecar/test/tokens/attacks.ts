import { CompactEncrypt, SignJWT, exportJWK, exportSPKI } from "jose";
import {
  CLINIC,
  HOSPITAL,
  OWN_KEY,
  attacker,
  encode,
  es256,
  goodClaims,
  goodHeader,
  hospital,
  hs256,
  now,
  ownClaims,
  ownHeader,
  rs256,
} from "./forge.js";

export type Attack = [name: string, make: () => string | Promise<string>];

/** @param address where keys are served: `/hospital`, `/clinic`, and `/attacker` */
export const attacksFrom = (address: () => string): Attack[] => [
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
    () => rs256({ ...goodHeader, jku: `${address()}/attacker` }, goodClaims(), attacker.privateKey),
  ],
  [
    "its own certificate at x5u",
    () => rs256({ ...goodHeader, x5u: `${address()}/attacker` }, goodClaims(), attacker.privateKey),
  ],
  [
    "its own certificate in x5c",
    () => rs256({ ...goodHeader, x5c: ["MIIB"] }, goodClaims(), attacker.privateKey),
  ],
  [
    "a jku beside the right signature",
    () => rs256({ ...goodHeader, jku: `${address()}/hospital` }, goodClaims()),
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
