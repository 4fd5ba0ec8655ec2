import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuditLog } from "../stack/audit-log.js";
import { LaunchingEmr, PATIENT_ID_SYSTEM } from "../stack/launching-emr.js";
import { Browser } from "../stack/openid-provider.js";
import { imageOf, instancePath, People, studyPath } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let emr: LaunchingEmr;
let stack: RunningStack;
let people: People;
let audit: AuditLog;
const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");
const ofSystem = (value: string, use = "usual") => ({ system: PATIENT_ID_SYSTEM, value, use });

beforeAll(async () => {
  emr = await LaunchingEmr.start({
    kim: { name: "Dr. Kim", fhirUser: "Practitioner/kim" },
    park: { name: "Park", fhirUser: "https://emr.example.org/fhir/Patient/hers" },
    cook: { name: "Cook", fhirUser: "Person/cook" },
  });
  emr.admit("hers", [ofSystem("P-1"), ofSystem("P-2", "old"), { system: "urn:else", value: "P-2" }]);
  emr.admit("his", [ofSystem("P-2")]);
  emr.admit("nobody", [{ system: "urn:else", value: "P-1" }]);
  emr.admit("both", [ofSystem("P-1"), ofSystem("P-2")]);
  stack = await RunningStack.start({
    settings: { NEURONOVA_SMART_LAUNCH: JSON.stringify(emr.settings({ sessionSeconds: 3_600 })) },
  });
  await emr.open(`${stack.local.address}/smart/callback`);
  people = new People(stack);
  audit = new AuditLog(stack);
  await people.store(hers.bytes, his.bytes);
});

afterAll(async () => {
  await audit.close();
  await stack.stop();
  emr.stop();
});

interface Begun {
  readonly cookie: string;
  readonly callback: string;
}

const plainly = (address: string, headers: Record<string, string> = {}) =>
  fetch(address, { redirect: "manual", headers });
const problem = async (response: Response) => ({
  status: response.status,
  code: ((await response.json()) as { code: string }).code,
});

/** Launches, and logs in at the EMR's pages: all but the way back. */
async function begin(
  launch: string,
  login = "kim",
  base: "public" | "secret" | "key" = "public",
): Promise<Begun> {
  const begun = await plainly(emr.launchAddress(stack.local.address, launch, base));
  expect(begun.status).toBe(303);
  const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
  const browser = new Browser();
  let page = await browser.open(begun.headers.get("location") ?? "");
  page = await browser.open(page.address, { prompt: "login", login, password: "any" });
  page = await browser.open(page.address, { prompt: "consent" });
  return { cookie, callback: page.address };
}

interface Launched {
  readonly id: string;
  readonly cookie: string;
  readonly token: string;
}

async function launch(...parameters: Parameters<typeof begin>): Promise<Launched> {
  const { cookie, callback } = await begin(...parameters);
  const back = await plainly(callback, { Cookie: cookie });
  expect(back.status, await back.clone().text()).toBe(303);
  const [, id = ""] = /^\/launched\/(.+)$/.exec(back.headers.get("location") ?? "") ?? [];
  const session = back.headers.getSetCookie().find((one) => one.startsWith("neuronova_launched")) ?? "";
  expect(session).toMatch(/; HttpOnly; Secure; SameSite=Strict; Max-Age=(?:3600|3599)$/);
  const renewed = await renew(id, session.split(";")[0] ?? "");
  expect(renewed.status).toBe(200);
  const { accessToken } = (await renewed.json()) as { accessToken: string };
  return { id, cookie: session.split(";")[0] ?? "", token: accessToken };
}

const renew = (id: string, cookie: string) =>
  fetch(`${stack.local.address}/api/launches/${id}/renewal`, { method: "POST", headers: { Cookie: cookie } });
const get = (token: string, path: string) => people.call(token, "GET", path);

describe("somebody whom an EMR launches", () => {
  test("reaches the patient of the chart and nobody else, by their role there", async () => {
    const { token, id } = await launch("hers");
    expect((await get(token, "/api/auth/me")).body).toMatchObject({
      subject: `oidc:${emr.origin}#kim`,
      displayName: "Dr. Kim",
      role: "doctor",
      permissions: ["view", "download", "annotate", "review", "run-model"],
      patient: { patientId: "P-1", issuerOfPatientId: "" },
    });
    expect((await get(token, "/api/studies")).body).toMatchObject({
      total: 1,
      studies: [{ studyInstanceUid: hers.studyInstanceUid }],
    });
    expect((await get(token, `${instancePath(hers)}/frames/1`)).status).toBe(200);
    expect((await get(token, `${instancePath(his)}/frames/1`)).status).toBe(403);
    expect((await get(token, `${studyPath(his)}/metadata`)).status).toBe(403);
    expect((await get(token, `/api/studies/${his.studyInstanceUid}`)).status).toBe(404);
    expect((await get(token, "/dicom-web/studies?PatientID=P-2")).body).toEqual([]);
    for (const path of ["/api/emr/patients", "/api/accounts", "/orthanc/system"])
      expect((await get(token, path)).status, path).toBe(403);
    const rows = await audit.entries({ user: `oidc:${emr.origin}#kim`, action: "launch" });
    expect(rows[0]).toMatchObject({ kind: "oidc", role: "doctor", patientId: "P-1", outcome: "granted" });
    expect(JSON.stringify(rows)).toContain(id);
  });

  test("is a patient where the EMR says so", async () => {
    const { token } = await launch("hers", "park");
    expect((await get(token, "/api/auth/me")).body).toMatchObject({
      role: "patient",
      permissions: ["view", "download"],
    });
    expect((await get(token, `${instancePath(his)}/frames/1`)).status).toBe(403);
  });

  test.each(["secret", "key"] as const)("gets in by a client with a %s too", async (base) => {
    const { token } = await launch("his", "kim", base);
    expect((await get(token, "/api/studies")).body).toMatchObject({
      total: 1,
      studies: [{ studyInstanceUid: his.studyInstanceUid }],
    });
  });

  test("opens two charts beside each other, each with a session of its own", async () => {
    const [one, other] = [await launch("hers"), await launch("his")];
    const patientOf = async ({ id, cookie }: Launched) =>
      ((await (await renew(id, cookie)).json()) as { patientId: string }).patientId;
    expect([await patientOf(one), await patientOf(other)]).toEqual(["P-1", "P-2"]);
    expect(await problem(await renew(other.id, one.cookie))).toEqual({ status: 401, code: "launch-over" });
  });

  test("is out when the session ends: cookie and access token", async () => {
    const { id, cookie, token } = await launch("hers");
    const ended = await fetch(`${stack.local.address}/api/launches/${id}`, {
      method: "DELETE",
      headers: { Cookie: cookie },
    });
    expect(ended.status).toBe(204);
    expect(await problem(await renew(id, cookie))).toEqual({ status: 401, code: "launch-over" });
    await expect.poll(async () => (await get(token, "/api/studies")).status, { timeout: 6_000 }).toBe(401);
  });

  test("never gets to see a token of the EMR, nor does the database keep one", async () => {
    const { cookie, callback } = await begin("hers");
    const back = await plainly(callback, { Cookie: cookie });
    const said = JSON.stringify([...back.headers, await back.text()]);
    const kept = JSON.stringify([
      await audit.select("SELECT * FROM launched_session"),
      await audit.select("SELECT * FROM used_launch"),
      await audit.select("SELECT * FROM audit_record"),
    ]);
    expect(emr.given.length).toBeGreaterThan(0);
    for (const token of emr.given) {
      expect(said.includes(token)).toBe(false);
      expect(kept.includes(token)).toBe(false);
    }
  });
});

describe("a launch is refused, and nothing is shown,", () => {
  const refusedBack = async ({ cookie, callback }: Begun) =>
    problem(await plainly(callback, { Cookie: cookie }));

  test("of an EMR that is not in the settings, which is not asked for anything", async () => {
    const stranger = await LaunchingEmr.start({});
    try {
      const response = await plainly(stranger.launchAddress(stack.local.address, "hers"));
      expect(await problem(response)).toEqual({ status: 403, code: "smart-issuer-unknown" });
      expect(stranger.asked).toEqual([]);
    } finally {
      stranger.stop();
    }
    for (const iss of [`${emr.origin}/public/fhir/../fhir`, `${emr.origin}/public`, "file:///etc/passwd"]) {
      const query = new URLSearchParams({ iss, launch: "hers" }).toString();
      const response = await plainly(`${stack.local.address}/smart/launch?${query}`);
      expect(await problem(response)).toEqual({ status: 403, code: "smart-issuer-unknown" });
    }
  });

  test("in a browser that did not begin it, with another state, and a second time", async () => {
    const begun = await begin("hers");
    const invalid = { status: 400, code: "smart-state-invalid" };
    expect(await problem(await plainly(begun.callback))).toEqual(invalid);
    const other = await begin("his");
    expect(await refusedBack({ ...begun, cookie: other.cookie })).toEqual(invalid);
    const [name = "", sealed = ""] = begun.cookie.split(/=(.*)/s);
    const forged = `${name}=${sealed.slice(0, -4)}AAAA`;
    expect(await refusedBack({ ...begun, cookie: forged })).toEqual(invalid);
    expect((await plainly(begun.callback, { Cookie: begun.cookie })).status).toBe(303);
    expect(await refusedBack(begun)).toEqual({ status: 400, code: "smart-launch-used" });
  });

  test("with a code that the EMR does not take", async () => {
    const { cookie, callback } = await begin("hers");
    const changed = new URL(callback);
    changed.searchParams.set("code", "replayed");
    expect(await refusedBack({ cookie, callback: changed.href })).toEqual({
      status: 403,
      code: "smart-code-refused",
    });
  });

  test("when the person says no at the EMR, or the EMR itself does", async () => {
    for (const [error, code] of [
      ["access_denied", "smart-denied"],
      ["invalid_scope", "smart-refused"],
    ] as const) {
      const begun = await plainly(emr.launchAddress(stack.local.address, "hers"));
      const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? "";
      const callback = `${stack.local.address}/smart/callback?${new URLSearchParams({ error, state }).toString()}`;
      const cookie = begun.headers.get("set-cookie")?.split(";")[0] ?? "";
      expect(await refusedBack({ cookie, callback })).toEqual({ status: 403, code });
    }
  });

  test("when another server answers in the EMR's place", async () => {
    const begun = await begin("hers");
    const callback = new URL(begun.callback);
    callback.searchParams.set("iss", "https://else.example.org");
    expect(await refusedBack({ ...begun, callback: callback.href })).toMatchObject({ code: "smart-refused" });
  });

  test("of a patient whom no image can be found by, or whom two would be", async () => {
    emr.contexts.set("none", undefined);
    for (const [context, code] of [
      ["nobody", "smart-patient-unknown"],
      ["both", "smart-patient-unknown"],
      ["gone", "smart-patient-unknown"],
      ["none", "smart-patient-missing"],
    ] as const)
      expect(await refusedBack(await begin(context)), context).toEqual({ status: 403, code });
    const rows = await audit.select<{ reason: string }>(
      "SELECT reason FROM audit_record WHERE action = 'launch' AND outcome = 'denied'",
    );
    expect(rows.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(["identifier-missing", "identifier-ambiguous", "patient-404"]),
    );
  });

  test("of somebody who has no role here", async () => {
    expect(await refusedBack(await begin("hers", "cook"))).toEqual({
      status: 403,
      code: "smart-role-unknown",
    });
  });

  test("while the EMR is away", async () => {
    const begun = await begin("hers");
    emr.isAway = true;
    try {
      expect(await refusedBack(begun)).toEqual({ status: 503, code: "smart-server-unavailable" });
    } finally {
      emr.isAway = false;
    }
  });

  test("on a page that says why, and repeats nothing of the address", async () => {
    const query = new URLSearchParams({ iss: "https://<script>alert(1)</script>", launch: "secret-launch" });
    const response = await plainly(`${stack.local.address}/smart/launch?${query.toString()}`, {
      Accept: "text/html",
    });
    expect(response.status).toBe(403);
    expect(response.headers.get("content-type")).toMatch(/^text\/html/);
    const page = await response.text();
    expect(page).toContain('code="smart-issuer-unknown"');
    expect(page).not.toContain("alert");
    expect(page).not.toContain("secret-launch");
  });
});
