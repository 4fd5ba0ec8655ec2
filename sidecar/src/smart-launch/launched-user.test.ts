import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { launchedUser } from "./launched-user.js";
import { launchingEmrSchema } from "./launch-settings.js";

const ISSUER = "https://emr.example.org";
const emr = launchingEmrSchema.parse({
  iss: `${ISSUER}/fhir/`,
  clientId: "neuronova",
  roles: { Practitioner: "doctor", Patient: "patient" },
  patientIdSystem: "urn:oid:1.2.3",
});
const nonce = "the nonce of this launch";
const good = { nonce, fhirUser: "Practitioner/7", name: "Dr. Kim" };
let sign: (claims: JWTPayload, audience?: string | string[], key?: "own" | "other") => Promise<string>;
let keys: ReturnType<typeof createLocalJWKSet>;

beforeAll(async () => {
  const own = await generateKeyPair("RS256");
  const other = await generateKeyPair("RS256");
  keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(own.publicKey)), kid: "emr", alg: "RS256" }] });
  sign = (claims, audience = "neuronova", key = "own") =>
    new SignJWT({ sub: "7", ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "emr" })
      .setIssuer(claims.iss ?? ISSUER)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(claims.exp ?? "5m")
      .sign((key === "own" ? own : other).privateKey);
});

const userOf = (idToken: string | undefined, settings = emr) =>
  launchedUser(idToken, settings, { issuer: ISSUER, keys, nonce });

test("who launches is told by the ID token, and the role by the kind of resource they are", async () => {
  expect(await userOf(await sign(good))).toEqual({
    subject: `oidc:${ISSUER}#7`,
    displayName: "Dr. Kim",
    role: "doctor",
  });
  expect(await userOf(await sign({ ...good, fhirUser: `${ISSUER}/fhir/Patient/3` }))).toMatchObject({
    role: "patient",
  });
});

test("or by a claim, where the settings name one", async () => {
  const settings = { ...emr, roleClaim: ["groups"], roles: { Radiology: "radiologist" as const } };
  const token = await sign({ ...good, groups: ["Staff", "Radiology"] });
  expect(await userOf(token, settings)).toMatchObject({ role: "radiologist" });
});

describe("nobody is let in by", () => {
  test.each<[string, string, () => Promise<string | undefined>]>([
    ["no ID token", "id-token-missing", () => Promise.resolve(undefined)],
    ["one of another launch", "nonce-differs", () => sign({ ...good, nonce: "another" })],
    ["one for another program", "id-token-invalid", () => sign(good, "another")],
    [
      "one handed on by another program",
      "authorized-party-differs",
      () => sign(good, ["neuronova", "another"]),
    ],
    ["one of another issuer", "id-token-invalid", () => sign({ ...good, iss: "https://else.example.org" })],
    ["one with another's signature", "id-token-invalid", () => sign(good, "neuronova", "other")],
    ["one that is over", "id-token-invalid", () => sign({ ...good, exp: 1_700_000_000 })],
    ["one that is none", "id-token-invalid", () => Promise.resolve("no.token.this")],
    ["a subject nobody can read", "subject-unreadable", () => sign({ ...good, sub: "a b" })],
  ])("%s", async (_name, reason, token) => {
    await expect(userOf(await token())).rejects.toMatchObject({
      status: 403,
      code: "smart-user-unknown",
      facts: { reason },
    });
  });

  test.each([undefined, "Practitioner", "Device/7", "Practitioner/7/../../Patient/1?x", 7])(
    "a fhirUser of %j, which has no role",
    async (fhirUser) => {
      const promise = sign({ ...good, fhirUser }).then((token) =>
        userOf(token, { ...emr, roles: { Practitioner: "doctor" } }),
      );
      await expect(promise).rejects.toMatchObject({ code: "smart-role-unknown" });
    },
  );
});
