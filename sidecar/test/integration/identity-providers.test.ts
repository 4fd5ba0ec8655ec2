import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JWKS_COOLDOWN_SECONDS } from "../../src/authorization/provider-keys.js";
import { AuditLog } from "../stack/audit-log.js";
import { AUDIENCE, OpenIdProvider } from "../stack/openid-provider.js";
import { People, imageOf, instancePath, studyPath, until } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";
import { attacker, goodHeader, now, rs256 } from "../tokens/forge.js";

let stack: RunningStack;
let people: People;
let audit: AuditLog;
/** Two that are configured, one that is away from the start, and one that is not known. */
let hospital: OpenIdProvider;
let clinic: OpenIdProvider;
let away: OpenIdProvider;
let unknown: OpenIdProvider;

const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");
const member = (roles: readonly string[], rest: object = {}) => ({
  realm_access: { roles },
  preferred_username: "somebody of the hospital",
  ...rest,
});

beforeAll(async () => {
  hospital = await OpenIdProvider.start({
    kim: member(["offline_access", "physician"], { ward: ["*"] }),
    lee: member(["physician"], { ward: ["ward-1"] }),
    park: member(["patient"], { patient_id: "P-1" }),
    choi: member(["patient"]),
    cook: member(["kitchen"], { ward: ["*"] }),
    pacs: member(["pacs-admin"], { ward: ["*"] }),
  });
  clinic = await OpenIdProvider.start({ kim: member(["pacs-admin"], { job: "nursing" }) });
  away = await OpenIdProvider.start({ kim: { job: "nursing" } });
  unknown = await OpenIdProvider.start({ kim: member(["pacs-admin"], { ward: ["*"] }) });
  const ofHospital = {
    issuer: hospital.issuer,
    audiences: [AUDIENCE],
    roleClaim: ["realm_access", "roles"],
    roles: { "pacs-admin": "admin", physician: "doctor", patient: "patient" },
    patientClaim: ["patient_id"],
    labelsClaim: ["ward"],
    nameClaim: ["preferred_username"],
  };
  const ofClinic = (issuer: string) => ({
    issuer,
    audiences: [AUDIENCE],
    roleClaim: ["job"],
    roles: { nursing: "nurse" },
    labels: ["*"],
    nameClaim: ["preferred_username"],
  });
  stack = await RunningStack.start({
    settings: {
      NEURONOVA_IDENTITY_PROVIDERS: JSON.stringify([
        ofHospital,
        ofClinic(clinic.issuer),
        ofClinic(away.issuer),
      ]),
    },
  });
  people = new People(stack);
  audit = new AuditLog(stack);
  await people.store(hers.bytes, his.bytes);
});

afterAll(async () => {
  await audit.close();
  await stack.stop();
  for (const provider of [hospital, clinic, away, unknown]) provider.stop();
});

const get = (token: string, path: string) => people.call(token, "GET", path);
const refused = { status: 401, body: { code: "token-invalid" } };

describe("somebody who logged in at a hospital's own provider", () => {
  test("is known by its token on /api and /dicom-web, and has rows in the audit trail", async () => {
    const { accessToken } = await hospital.logIn("kim");
    const me = await get(accessToken, "/api/auth/me");
    expect(me).toMatchObject({ status: 200, body: { role: "doctor" } });
    expect((await get(accessToken, "/api/studies")).body).toMatchObject({ total: 2 });
    expect((await get(accessToken, `${instancePath(hers)}/frames/1`)).status).toBe(200);
    expect((await get(accessToken, "/dicom-web/studies")).status).toBe(200);
    // A doctor administers nothing.
    expect((await get(accessToken, "/api/accounts")).status).toBe(403);
    expect((await get(accessToken, "/orthanc/system")).status).toBe(403);
    const subject = `oidc:${hospital.issuer}#kim`;
    expect(await audit.entries({ user: subject, action: "view" })).toMatchObject([
      {
        kind: "oidc",
        role: "doctor",
        displayName: "somebody of the hospital",
        patientId: "P-1",
        outcome: "granted",
      },
    ]);
    const rows = JSON.stringify(await audit.select("SELECT * FROM audit_record"));
    expect(rows.includes(accessToken.split(".")[2] ?? "")).toBe(false);
  });

  test("as a patient sees their own studies by the claim of the provider, and nobody's without it", async () => {
    const { accessToken } = await hospital.logIn("park");
    expect((await get(accessToken, `${instancePath(hers)}/frames/1`)).status).toBe(200);
    expect((await get(accessToken, `${instancePath(his)}/frames/1`)).status).toBe(403);
    expect((await get(accessToken, "/api/studies")).body).toMatchObject({
      total: 1,
      studies: [{ studyInstanceUid: hers.studyInstanceUid }],
    });
    const found = (await get(accessToken, "/dicom-web/studies?PatientID=P-2")).body;
    expect(found).toEqual([]);
    const nobody = (await hospital.logIn("choi")).accessToken;
    expect((await get(nobody, "/api/studies")).body).toMatchObject({ total: 0 });
    expect((await get(nobody, `${studyPath(hers)}/metadata`)).status).toBe(403);
  });

  test("with labels reaches the studies that have one, and others by break-glass", async () => {
    const { accessToken } = await hospital.logIn("lee");
    const metadata = () => get(accessToken, `${studyPath(his)}/metadata`);
    expect((await metadata()).status).toBe(403);
    const body = { studyInstanceUid: his.studyInstanceUid, reason: "unconscious in the emergency room" };
    expect((await people.call(accessToken, "POST", "/api/break-glass", body)).status).toBe(201);
    await until(200, metadata, 5);
    expect((await get(accessToken, `${studyPath(hers)}/metadata`)).status).toBe(403);
    const labels = `/api/studies/${hers.studyInstanceUid}/labels`;
    expect((await people.call(await stack.token(), "PUT", labels, { labels: ["ward-1"] })).status).toBe(204);
    await until(200, () => get(accessToken, `${studyPath(hers)}/metadata`), 5);
  });

  test("makes share links, which the provider is not asked about", async () => {
    const { accessToken } = await hospital.logIn("kim");
    const minted = await people.call<{ token: string }>(accessToken, "POST", "/api/share-links", {
      studyInstanceUids: [hers.studyInstanceUid],
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    expect(minted.status).toBe(201);
    const exchanged = await people.call<{ accessToken: string }>(
      undefined,
      "POST",
      "/api/share-links/exchange",
      { token: minted.body.token },
    );
    expect((await get(exchanged.body.accessToken, `${instancePath(hers)}/frames/1`)).status).toBe(200);
  });

  test("administers Orthanc, when their role there says so; without a role here may do nothing", async () => {
    const admin = (await hospital.logIn("pacs")).accessToken;
    expect((await get(admin, "/orthanc/system")).status).toBe(200);
    const cookie = (await people.call(admin, "POST", "/api/auth/orthanc-session")).headers.get("set-cookie");
    const headers = { Cookie: cookie?.split(";")[0] ?? "" };
    expect((await fetch(`${stack.local.address}/orthanc/system`, { headers })).status).toBe(200);
    const cook = (await hospital.logIn("cook")).accessToken;
    for (const path of ["/api/studies", "/dicom-web/studies", `${instancePath(hers)}/frames/1`])
      expect((await get(cook, path)).status, path).toBe(403);
  });

  test("is another person than the one of the same name at another provider", async () => {
    const nurse = (await clinic.logIn("kim")).accessToken;
    expect((await get(nurse, "/api/auth/me")).body).toMatchObject({ role: "nurse" });
    expect((await people.call(nurse, "POST", "/api/share-links", {})).status).toBe(403);
  });
});

describe("a token that is not for this program", () => {
  test.each([
    ["an ID token", async () => (await hospital.logIn("kim")).idToken],
    [
      "one for another audience",
      async () => (await hospital.logIn("kim", "https://else.example")).accessToken,
    ],
    ["one of a provider that nobody configured", async () => (await unknown.logIn("kim")).accessToken],
    [
      "one that another signed in the provider's name",
      () =>
        Promise.resolve(
          rs256(
            { ...goodHeader, kid: "first" },
            {
              ...{ iss: hospital.issuer, aud: AUDIENCE, sub: "kim", jti: randomUUID() },
              ...{ realm_access: { roles: ["pacs-admin"] }, ward: ["*"] },
              ...{ iat: now(), exp: now() + 300 },
            },
            attacker.privateKey,
          ),
        ),
    ],
  ])("is refused everywhere: %s", async (_name, token) => {
    const bearer = await token();
    expect(await get(bearer, "/api/studies")).toMatchObject(refused);
    expect(await get(bearer, `${instancePath(hers)}/frames/1`)).toMatchObject(refused);
    expect((await get(bearer, "/orthanc/system")).status).toBe(401);
  });

  test("one of the clinic is read by the clinic's line, though it claims what makes an administrator at the hospital", async () => {
    const token = (await clinic.logIn("kim")).accessToken;
    expect((await get(token, "/api/auth/me")).body).toMatchObject({ role: "nurse" });
    expect((await get(token, "/orthanc/system")).status).toBe(403);
  });
});

describe("while a provider", () => {
  test("changes its keys, tokens of the old one go on and those of the new one are taken in time", async () => {
    const old = (await hospital.logIn("kim")).accessToken;
    expect((await get(old, "/api/studies")).status).toBe(200);
    await hospital.rotate("second");
    const { accessToken } = await hospital.logIn("kim");
    const fetched = hospital.requests;
    await until(200, () => get(accessToken, "/api/studies"), JWKS_COOLDOWN_SECONDS + 2);
    expect((await get(old, "/api/studies")).status).toBe(200);
    expect(hospital.requests - fetched).toBeLessThanOrEqual(2);
  });

  test("is away, whoever has a token goes on, others hear 503, and it is not asked again and again", async () => {
    const known = (await hospital.logIn("kim")).accessToken;
    expect((await get(known, "/api/studies")).status).toBe(200);
    const fresh = (await hospital.logIn("lee")).accessToken;
    await hospital.rotate("third");
    const withNewKey = (await hospital.logIn("kim")).accessToken;
    hospital.goAway();
    const { requests } = hospital;
    expect((await get(known, `${instancePath(hers)}/frames/1`)).status).toBe(200);
    // Signed with a key that is known, seen for the first time.
    expect((await get(fresh, "/api/studies")).status).toBe(200);
    const unavailable = { status: 503, body: { code: "identity-provider-unavailable" } };
    // Within the cool-down the key is unknown; then it is asked for, and cannot be had.
    await until(503, () => get(withNewKey, "/api/studies"), JWKS_COOLDOWN_SECONDS + 2);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => get(withNewKey, `/api/studies?query=${randomUUID()}`)),
    );
    for (const answer of answers) expect(answer).toMatchObject(unavailable);
    expect(answers[0]?.headers.get("retry-after")).toBe(String(JWKS_COOLDOWN_SECONDS));
    expect(hospital.requests - requests).toBeLessThanOrEqual(1);
    // Nobody else notices.
    expect((await get((await clinic.logIn("kim")).accessToken, "/api/studies")).status).toBe(200);
    expect((await stack.fetch("/api/studies")).status).toBe(200);
    hospital.comeBack();
    await until(200, () => get(withNewKey, "/api/studies"), JWKS_COOLDOWN_SECONDS + 2);
  });

  test("was never there, its people hear 503 until it comes", async () => {
    const { accessToken } = await away.logIn("kim");
    away.goAway();
    expect(await get(accessToken, "/api/studies")).toMatchObject({
      status: 503,
      body: { code: "identity-provider-unavailable" },
    });
    away.comeBack();
    await until(200, () => get(accessToken, "/api/studies"), JWKS_COOLDOWN_SECONDS + 2);
  });
});
