import { createHmac, createSign, generateKeyPairSync, sign as signBytes, type KeyObject } from "node:crypto";

/** Whoever could sign: ourselves, two providers, and somebody else. */
export const OWN_KEY = "a signing key of at least 32 characters";
export const AUDIENCE = "https://neuronova.example.org";
export const HOSPITAL = "https://hospital.example.org";
export const CLINIC = "https://clinic.example.org";
export const hospital = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const clinic = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const attacker = generateKeyPairSync("rsa", { modulusLength: 2048 });

export const now = () => Math.floor(Date.now() / 1_000);
export const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
export const goodHeader = { alg: "RS256", typ: "at+jwt", kid: "h1" };
export const goodClaims = () => ({
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
export function rs256(header: unknown, claims: unknown, key: KeyObject = hospital.privateKey): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createSign("RSA-SHA256").update(input).sign(key).toString("base64url")}`;
}
export function es256(header: unknown, claims: unknown): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = signBytes("sha256", Buffer.from(input), {
    key: clinic.privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${input}.${signature.toString("base64url")}`;
}
export function hs256(header: unknown, claims: unknown, secret: string | Buffer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}
export const ownClaims = () => ({
  iss: "neuronova",
  aud: "neuronova",
  sub: "account:1",
  ver: 0,
  iat: now(),
  nbf: now(),
  exp: now() + 300,
  jti: "1",
});
export const ownHeader = { alg: "HS256", typ: "at+jwt" };
