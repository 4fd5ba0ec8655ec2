import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { patientKeyOf } from "../dicom/patient-key.js";
import { decide } from "./decide.js";
import { ExternalTokens } from "./external-tokens.js";
import { identityProviderSchema } from "./identity-provider.js";
import type { StudyFacts } from "./study-directory.js";

/** An EMR that signs, with a key of its own, tokens for the patient whose chart is open. */
const ISSUER = "https://emr.example.org";
const AUDIENCE = "https://neuronova.example.org";
const directory = { grantsOf: () => Promise.resolve([]) };
let privateKey: CryptoKey;
let publicKey: JWK;

beforeAll(async () => {
  const pair = await generateKeyPair("RS256", { extractable: true });
  privateKey = pair.privateKey;
  publicKey = { ...(await exportJWK(pair.publicKey)), kid: "first", alg: "RS256", use: "sig" };
});

const settings = (change: object = {}) => ({
  issuer: ISSUER,
  audiences: [AUDIENCE],
  jwks: { keys: [publicKey] },
  longestLifeSeconds: 300,
  roleClaim: ["role"],
  roles: { clinician: "doctor", reader: "external", chief: "admin" },
  patientClaim: ["patient_id"],
  issuerOfPatientId: "OpenEMR",
  onePatient: true,
  labels: ["*"],
  ...change,
});

function verify(claims: Record<string, unknown>, kid = "first", change: object = {}) {
  const now = Math.floor(Date.now() / 1_000);
  const token = new SignJWT({ role: "clinician", patient_id: "P-1", ...claims })
    .setProtectedHeader({ alg: "RS256", kid, typ: "at+jwt" })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject("42")
    .setIssuedAt(now)
    .setExpirationTime(now + 300);
  const tokens = new ExternalTokens(identityProviderSchema.parse(settings(change)), directory);
  return token.sign(privateKey).then((signed) => tokens.verify(signed));
}

const studyOf = (patientId: string): StudyFacts => ({
  orthancId: "",
  studyInstanceUid: "1.2.3",
  patientKey: patientKeyOf({ patientId, issuerOfPatientId: "OpenEMR" }),
  labels: [],
});

describe("a token for one patient", () => {
  test("opens that patient's studies and nobody else's, with the role's rights over images alone", async () => {
    const principal = await verify({});
    expect(principal).toMatchObject({ role: "doctor", patient: { patientId: "P-1" } });
    expect([...principal.permissions].sort()).toEqual([
      "annotate",
      "download",
      "review",
      "run-model",
      "view",
    ]);
    expect(decide(principal, "view", [studyOf("P-1")])).toMatchObject({ granted: true });
    expect(decide(principal, "view", [studyOf("P-2")])).toEqual({
      granted: false,
      reason: "study-of-another-patient",
    });
  });

  test("holds an administrator to the patient too", async () => {
    const principal = await verify({ role: "chief" });
    expect(principal.permissions.has("administer-archive")).toBe(false);
    expect(decide(principal, "view", [studyOf("P-2")]).granted).toBe(false);
  });

  test("that may only read, reads", async () => {
    expect([...(await verify({ role: "reader" })).permissions].sort()).toEqual(["download", "view"]);
  });

  test.each([{ patient_id: undefined }, { patient_id: "" }, { patient_id: 7 }, { patient_id: ["P-1"] }])(
    "that names no patient reaches nothing: %j",
    async (claims) => {
      const principal = await verify(claims);
      for (const id of ["P-1", "7"]) expect(decide(principal, "view", [studyOf(id)]).granted).toBe(false);
    },
  );

  test("is verified with the keys of the settings, of which there may be several", async () => {
    await expect(verify({}, "second")).rejects.toMatchObject({ status: 401, code: "token-invalid" });
    const old = { ...(await exportJWK((await generateKeyPair("RS256")).publicKey)), kid: "old" };
    expect(await verify({}, "first", { jwks: { keys: [old, publicKey] } })).toMatchObject({ role: "doctor" });
    await expect(verify({}, "first", { jwks: { keys: [{ ...old, kid: "first" }] } })).rejects.toMatchObject({
      code: "token-invalid",
    });
  });
});

describe("settings with keys of their own", () => {
  test("are refused with a private key, a shared secret, the same kid twice, or an address beside them", async () => {
    const good = settings();
    expect(identityProviderSchema.safeParse(good).success).toBe(true);
    const secretKey = { ...(await exportJWK(privateKey)), kid: "first" };
    for (const change of [
      { jwks: { keys: [secretKey] } },
      { jwks: { keys: [{ kty: "oct", k: "c2VjcmV0", kid: "first" }] } },
      { jwks: { keys: [publicKey, publicKey] } },
      { jwks: { keys: [] } },
      { jwksUri: "https://emr.example.org/jwks" },
      { patientClaim: undefined },
    ]) {
      const parsed = identityProviderSchema.safeParse({ ...good, ...change });
      expect(parsed.success, JSON.stringify(change)).toBe(false);
      expect(JSON.stringify(parsed.error?.issues)).not.toContain(secretKey.d ?? "?");
    }
  });
});
