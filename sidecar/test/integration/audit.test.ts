import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDITED_ROUTES } from "../../src/audit/audited-routes.js";
import { AuditLog, type Entry } from "../stack/audit-log.js";
import { People, PASSWORD, imageOf, instancePath, studyPath } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let people: People;
let audit: AuditLog;
const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  audit = new AuditLog(stack);
  await people.store(hers.bytes, his.bytes);
});

afterAll(async () => {
  await audit.close();
  await stack.stop();
});

const get = (token: string | undefined, path: string, headers: Record<string, string> = {}) =>
  fetch(stack.local.address + path, {
    headers: { ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...headers },
  }).then(async (response) => {
    await response.arrayBuffer();
    return response.status;
  });

describe("a view of a study", () => {
  test("is one row: who, whose study, from where, with how many requests, instances and frames", async () => {
    const token = await people.token("viewing-doctor", "doctor");
    const { accounts } = await stack.json<{ accounts: { id: number; username: string }[] }>("/api/accounts");
    const id = accounts.find(({ username }) => username === "viewing-doctor")?.id ?? 0;
    // The address a client claims to have counts for nothing: nginx says which it is.
    const headers = { "User-Agent": "viewer/1", "X-Forwarded-For": "203.0.113.5" };
    expect(await get(token, `${studyPath(hers)}/metadata`, headers)).toBe(200);
    for (let frame = 0; frame < 20; frame += 1)
      expect(await get(token, `${instancePath(hers)}/frames/1`, headers)).toBe(200);
    expect(await get(token, `${instancePath(hers)}/rendered`, headers)).toBe(200);
    expect(await get(token, `${studyPath(hers)}/series`, headers)).toBe(200);
    expect(await get(token, `/api/studies/${hers.studyInstanceUid}`, headers)).toBe(200);
    const entries = await audit.until(
      "the view",
      { user: "viewing-doctor", study: hers.studyInstanceUid },
      ([entry]) => entry?.requests === 24,
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      subject: `account:${id}`,
      displayName: "viewing-doctor",
      kind: "account",
      role: "doctor",
      patientId: "P-1",
      issuerOfPatientId: "",
      studyInstanceUid: hers.studyInstanceUid,
      action: "view",
      outcome: "granted",
      reason: null,
      sourceAddress: "127.0.0.1",
      userAgent: "viewer/1",
      breakGlassId: null,
      requests: 24,
      instances: 1,
      frames: 20,
      ended: false,
    });
    expect(entries[0]?.tokenId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await get(token, studyPath(hers), headers)).toBe(200);
    const download = await audit.entries({ user: "viewing-doctor", action: "download" });
    expect(download.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([hers.studyInstanceUid]);
  });

  test("that is refused is a row with the reason, and its repetitions are counted", async () => {
    const patient = { patient: { patientId: "P-1" } };
    const token = await people.token("curious-patient", "patient", patient);
    for (let attempt = 0; attempt < 30; attempt += 1)
      expect(await get(token, `${instancePath(his)}/frames/1`)).toBe(403);
    expect(await get(token, `/api/studies/${his.studyInstanceUid}`)).toBe(404);
    const entries = await audit.until(
      "the denials",
      { user: "curious-patient", outcome: "denied" },
      ([entry]) => entry?.requests === 31,
    );
    expect(entries).toMatchObject([
      { action: "view", reason: "study-of-another-patient", patientId: "P-2", role: "patient", frames: 0 },
    ]);
  });

  test("by break-glass access has its number; asking is a row, and so is acknowledging", async () => {
    await people.create("emergency-doctor", "doctor", { labels: ["none"] });
    const { accessToken } = await people.logIn("emergency-doctor");
    expect(await get(accessToken, `${studyPath(his)}/metadata`)).toBe(403);
    const body = { studyInstanceUid: his.studyInstanceUid, reason: "unconscious in the emergency room" };
    const asked = await people.call<{ id: number }>(accessToken, "POST", "/api/break-glass", body);
    expect(asked.status).toBe(201);
    const { id } = asked.body;
    expect(await get(accessToken, `${studyPath(his)}/metadata`)).toBe(200);
    const path = `/api/break-glass/${id}/acknowledgement`;
    await people.call(await stack.token(), "POST", path, { comment: "looked into" });
    const entries = await audit.entries({ user: "emergency-doctor", study: his.studyInstanceUid });
    expect(entries.map(({ action, outcome, breakGlassId }) => [action, outcome, breakGlassId])).toEqual([
      ["view", "granted", id],
      ["break-glass-ask", "granted", id],
      ["view", "denied", null],
    ]);
    expect(entries[1]).toMatchObject({ target: `break-glass:${id}`, patientId: "P-2" });
    expect(await audit.entries({ action: "break-glass-acknowledge" })).toMatchObject([
      { target: `break-glass:${id}`, outcome: "granted" },
    ]);
  });

  test("through a share link is the link's; minting, exchanging and revoking are rows", async () => {
    const doctor = await stack.token("doctor");
    const minted = await people.call<{ id: number; token: string }>(doctor, "POST", "/api/share-links", {
      studyInstanceUids: [hers.studyInstanceUid, his.studyInstanceUid],
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const { id, token } = minted.body;
    const session = await people.call<{ accessToken: string }>(
      undefined,
      "POST",
      "/api/share-links/exchange",
      { token },
    );
    expect(await get(session.body.accessToken, `${studyPath(hers)}/metadata`)).toBe(200);
    expect((await people.call(doctor, "DELETE", `/api/share-links/${id}`)).status).toBe(204);
    const ofLink = await audit.entries({ user: `share:${id}` });
    expect(ofLink.map(({ action, patientId }) => [action, patientId]).sort()).toEqual([
      ["share-exchange", "P-1"],
      ["share-exchange", "P-2"],
      ["view", "P-1"],
    ]);
    const mint = await audit.entries({ action: "share-mint" });
    expect(mint.map(({ target, studyInstanceUid }) => [target, studyInstanceUid]).sort()).toEqual(
      [hers, his].map(({ studyInstanceUid }) => [`share:${id}`, studyInstanceUid]).sort(),
    );
    expect(await audit.entries({ action: "share-revoke" })).toMatchObject([{ target: `share:${id}` }]);
  });
});

describe("beside views", () => {
  test("logins, failures, the lock, logout and the reuse of a refresh token are rows", async () => {
    await people.create("forgetful", "nurse");
    const { refreshToken } = await people.logIn("forgetful");
    const refresh = (token: string) =>
      people.call<{ refreshToken: string }>(undefined, "POST", "/api/auth/refresh", { refreshToken: token });
    expect((await refresh(refreshToken)).status).toBe(200);
    expect((await refresh(refreshToken)).status).toBe(401);
    const again = await people.logIn("forgetful");
    const logout = { refreshToken: again.refreshToken };
    expect((await people.call(undefined, "POST", "/api/auth/logout", logout)).status).toBe(204);
    for (let attempt = 0; attempt < 6; attempt += 1)
      await people.call(undefined, "POST", "/api/auth/login", { username: "forgetful", password: "wrong" });
    const secret = "my own password, typed into the wrong field";
    await people.call(undefined, "POST", "/api/auth/login", { username: secret, password: "x" });
    const entries = await audit.until("four wrong passwords", { user: "forgetful" }, (found) =>
      found.some(({ reason, requests }) => reason === "password-wrong" && requests === 4),
    );
    expect(entries.map(({ action, outcome, reason }) => [action, outcome, reason])).toEqual([
      ["login", "denied", "account-locked"],
      ["login", "denied", "account-locked-now"],
      ["login", "denied", "password-wrong"],
      ["logout", "granted", null],
      ["login", "granted", null],
      ["refresh", "denied", "refresh-token-reused"],
      ["refresh", "granted", null],
      ["login", "granted", null],
    ]);
    const unknown = await audit.entries({ action: "login", outcome: "denied" });
    expect(unknown.find(({ reason }) => reason === "account-unknown")).toMatchObject({ subject: "" });
    expect(JSON.stringify(await audit.entries())).not.toContain(secret);
  });

  test("requests without a token are counted by their address", async () => {
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await get(undefined, `${studyPath(hers)}/metadata`, { "User-Agent": "nobody/1" })).toBe(401);
    const wanted = ([entry]: Entry[]) => entry?.requests === 5;
    const filter = { study: hers.studyInstanceUid, outcome: "denied" };
    const [entry] = await audit.until("the denials", filter, wanted);
    expect(entry).toMatchObject({
      kind: "unknown",
      subject: "",
      reason: "token-missing",
      userAgent: "nobody/1",
    });
  });

  test("listening to events, searching, storing and Orthanc's own interface are rows", async () => {
    const since = { from: new Date(Date.now() - 600_000).toISOString() };
    (await stack.events()).close();
    expect(await get(await stack.token(), "/dicom-web/studies?PatientName=Hers*")).toBe(200);
    const orthancIds = await stack.orthancJson<string[]>("/studies");
    for (const id of orthancIds)
      expect(await get(await stack.token(), `/orthanc/studies/${id}`, { "User-Agent": "explorer" })).toBe(
        200,
      );
    expect(await audit.entries({ action: "listen", user: "admin", ...since })).not.toEqual([]);
    expect(await audit.entries({ action: "search", user: "admin" })).toMatchObject([
      { target: "searchStudies by PatientName" },
    ]);
    // The address named no study: the rows are of those that the instances carry.
    for (const { studyInstanceUid, patientId } of [
      { studyInstanceUid: hers.studyInstanceUid, patientId: "P-1" },
      { studyInstanceUid: his.studyInstanceUid, patientId: "P-2" },
    ])
      expect(await audit.entries({ action: "upload", user: "admin", study: studyInstanceUid })).toMatchObject(
        [{ patientId, outcome: "granted", instances: 1 }],
      );
    const archive = await audit.entries({ action: "archive-read", user: "admin" });
    expect(archive.map(({ patientId }) => patientId).sort()).toEqual(["P-1", "P-2"]);
    expect(await get(await stack.token("doctor"), "/orthanc/system")).toBe(403);
    expect(await audit.entries({ action: "archive-read", outcome: "denied" })).toMatchObject([
      { role: "doctor", reason: "permission-missing" },
    ]);
  });

  test.each(Object.entries(AUDITED_ROUTES).filter(([, route]) => !("unaudited" in route)))(
    "%s leaves a row",
    async (name, route) => {
      const [method = "", path = ""] = name.split(" ");
      const agent = `table ${name}`;
      const [, kind] = /:(kind)/.exec(path) ?? [];
      const address = path
        .replace(":studyInstanceUid", "1.2.3.4")
        .replace(`:${kind ?? ""}`, "analysis")
        .replace(/:\w+/g, "999999");
      // nginx refuses a body where nothing is sent.
      const sends = method !== "GET" && method !== "DELETE";
      const response = await fetch(stack.local.address + address, {
        method,
        headers: {
          Authorization: `Bearer ${await stack.token()}`,
          "User-Agent": agent,
          ...(sends ? { "Content-Type": "application/json" } : {}),
        },
        ...(sends ? { body: "{}" } : {}),
      });
      await response.arrayBuffer();
      const rows = await audit.select<{ action: string; outcome: string }>(
        "SELECT action, outcome FROM audit_record WHERE user_agent = :agent ORDER BY id DESC",
        { agent },
      );
      expect(rows.map(({ action }) => action)).toContain("unaudited" in route ? "" : route.action);
      expect(rows[0]?.outcome === "granted", `${name}: ${response.status}`).toBe(response.status < 400);
    },
  );

  test("a route that is in no line of the table is not reached", async () => {
    for (const path of ["/api/unheard-of", "/api/studies/1.2/unheard-of"])
      expect(await get(await stack.token(), path)).toBe(404);
  });

  test("no row holds a token, a password, a query or a patient's name", async () => {
    const rows = JSON.stringify(await audit.select("SELECT * FROM audit_record"));
    const refused = [await stack.token(), PASSWORD, stack.local.secrets.adminPassword, "Hers", "His^", "eyJ"];
    for (const secret of refused) expect(rows.includes(secret), secret.slice(0, 4)).toBe(false);
  });
});

describe("the audit API", () => {
  test("is for those who have audit-logs and reach every study, and reading it is a row", async () => {
    const restricted = await people.token("auditor-of-some", "admin", { labels: ["cardio"] });
    expect((await people.call(restricted, "GET", "/api/audit")).status).toBe(403);
    expect((await people.call(await stack.token("doctor"), "GET", "/api/audit")).status).toBe(403);
    expect((await people.call(undefined, "GET", "/api/audit")).status).toBe(401);
    expect((await people.call(await stack.token(), "GET", "/api/audit?outcome=maybe")).status).toBe(400);
    const entries = await audit.entries({ action: "audit-read" });
    expect(entries.filter(({ outcome }) => outcome === "granted").length).toBeGreaterThan(1);
    expect(entries.filter(({ outcome }) => outcome === "denied").map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(["permission-missing", "token-missing", "forbidden"]),
    );
  });

  test("finds by user, patient, time; page by page, each entry once", async () => {
    const all = await audit.entries({ patient: "P-1" });
    expect(all.length).toBeGreaterThan(3);
    expect(all.every(({ patientId }) => patientId === "P-1")).toBe(true);
    expect(await audit.entries({ patient: "P-1", issuer: "another" })).toEqual([]);
    expect(await audit.entries({ to: "2020-01-01T00:00:00Z" })).toEqual([]);
    const paged: number[] = [];
    let before: number | null = null;
    do {
      const query: string = before === null ? "" : `&before=${before}`;
      const page: { entries: Entry[]; next: number | null } = await stack.json(
        `/api/audit?patient=P-1&limit=2${query}`,
      );
      paged.push(...page.entries.map(({ id }) => id));
      before = page.next;
    } while (before !== null);
    expect(paged).toEqual(all.map(({ id }) => id));
  });

  test("exports CSV and NDJSON, by format or Accept, with nothing a spreadsheet takes for a formula", async () => {
    const forged = imageOf(9, "=cmd|' /C calc'!A0", "Formula^Patient");
    await people.store(forged.bytes);
    expect(await get(await stack.token(), `${studyPath(forged)}/metadata`)).toBe(200);
    const csv = await stack.fetch(`/api/audit?format=csv&study=${forged.studyInstanceUid}&action=view`);
    expect(csv.headers.get("content-type")).toContain("text/csv");
    const [head, line] = (await csv.text()).split("\r\n");
    expect(head).toMatch(/^id,sequence,firstAt,/);
    expect(line).toContain(",'=cmd|");
    const ndjson = await stack.fetch("/api/audit", { headers: { Accept: "application/x-ndjson" } });
    const lines = (await ndjson.text()).trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(20);
    expect(JSON.parse(lines[0] ?? "")).toHaveProperty("action");
    expect((await audit.entries({ action: "audit-read" })).map(({ target }) => target)).toEqual(
      expect.arrayContaining(["export:csv", "export:ndjson"]),
    );
    const command = await audit.command("export", "--format", "csv", "--patient", "P-2");
    expect(command.output.trimEnd().split("\r\n").length).toBeGreaterThan(2);
    expect((await audit.entries({ action: "audit-export" }))[0]).toMatchObject({ kind: "command" });
  });
});
