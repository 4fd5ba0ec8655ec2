import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { People, TWO_PROCESSES, imageOf, instancePath, studyPath, until } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

let stack: RunningStack;
let people: People;
const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");

beforeAll(async () => {
  stack = await RunningStack.start({ sidecarProcesses: TWO_PROCESSES });
  people = new People(stack);
  await people.store(hers.bytes, his.bytes);
});

afterAll(() => stack.stop());

describe("break-glass", () => {
  test("opens one study to a restricted doctor, with a reason, on the record, until it is ended", async () => {
    await people.create("on-call", "doctor", { labels: [] });
    const { accessToken } = await people.logIn("on-call");
    const metadata = () => people.call(accessToken, "GET", `${studyPath(hers)}/metadata`);
    expect((await metadata()).status).toBe(403);
    const ask = (body: object) =>
      people.call<{ id: number }>(accessToken, "POST", "/api/break-glass", {
        studyInstanceUid: hers.studyInstanceUid,
        ...body,
      });
    expect((await ask({ reason: "why" })).status).toBe(400);
    const asked = await ask({ reason: "Stroke in the emergency room", validForSeconds: 900 });
    expect(asked.status).toBe(201);
    await until(200, metadata, 5);
    expect((await people.call(accessToken, "GET", `${studyPath(his)}/metadata`)).status).toBe(403);
    expect((await ask({ reason: "Stroke in the emergency room" })).status).toBe(409);
    const share = { studyInstanceUids: [hers.studyInstanceUid], expiresAt: new Date(Date.now() + 3_600_000) };
    expect((await people.call(accessToken, "POST", "/api/share-links", share)).status).toBe(403);

    const admin = await stack.token();
    const open = await people.call<{ accesses: Record<string, unknown>[] }>(
      admin,
      "GET",
      "/api/break-glass?state=open",
    );
    expect(open.body.accesses[0]).toMatchObject({
      id: asked.body.id,
      displayName: "on-call",
      role: "doctor",
      reason: "Stroke in the emergency room",
      studyInstanceUid: hers.studyInstanceUid,
      sourceAddress: "127.0.0.1",
      acknowledgedAt: null,
    });
    const acknowledgement = `/api/break-glass/${asked.body.id}/acknowledgement`;
    expect((await people.call(accessToken, "POST", acknowledgement, { comment: "fine" })).status).toBe(403);
    expect((await people.call(admin, "POST", acknowledgement, { comment: "Justified" })).status).toBe(204);
    const left = await people.call<{ accesses: unknown[] }>(admin, "GET", "/api/break-glass?state=open");
    expect(left.body.accesses).toEqual([]);
    expect((await people.call(accessToken, "DELETE", `/api/break-glass/${asked.body.id}`)).status).toBe(204);
    await until(403, metadata, 5);
  });

  test("is not for nurses", async () => {
    await people.create("nurse-asking", "nurse", { labels: [] });
    const { accessToken } = await people.logIn("nurse-asking");
    const body = { studyInstanceUid: hers.studyInstanceUid, reason: "I would like to look at it" };
    expect((await people.call(accessToken, "POST", "/api/break-glass", body)).status).toBe(403);
  });

  test("ends by itself", async () => {
    await people.create("on-call-patient", "radiologist", { labels: [] });
    const { accessToken } = await people.logIn("on-call-patient");
    const body = { patient: { patientId: "P-2" }, reason: "Emergency transfer", validForSeconds: 5 };
    expect((await people.call(accessToken, "POST", "/api/break-glass", body)).status).toBe(201);
    await until(200, () => people.call(accessToken, "GET", `${studyPath(his)}/metadata`), 5);
    expect((await people.call(accessToken, "GET", `${studyPath(hers)}/metadata`)).status).toBe(403);
    await until(403, () => people.call(accessToken, "GET", `${studyPath(his)}/metadata`), 10);
  });
});

describe("a share link", () => {
  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
  interface Minted {
    readonly id: number;
    readonly token: string;
    readonly url: string;
  }
  const mint = async (body: object = {}, token?: string) =>
    people.call<Minted>(token ?? (await stack.token("doctor")), "POST", "/api/share-links", {
      studyInstanceUids: [hers.studyInstanceUid],
      expiresAt: tomorrow(),
      ...body,
    });
  const exchange = (token: string) =>
    people.call<{ accessToken: string }>(undefined, "POST", "/api/share-links/exchange", { token });

  test("shows its study and nothing else, and is over as soon as it is revoked", async () => {
    const minted = await mint();
    expect(minted.status).toBe(201);
    expect(minted.body.url).toBe(`${stack.local.address}/share#${minted.body.token}`);
    const { accessToken } = (await exchange(minted.body.token)).body;
    expect((await people.call(accessToken, "GET", `${instancePath(hers)}/frames/1`)).status).toBe(200);
    expect((await people.call(accessToken, "GET", studyPath(hers))).status).toBe(403);
    expect((await people.call(accessToken, "GET", `${studyPath(his)}/metadata`)).status).toBe(403);
    const list = await people.call<{ studies: { studyInstanceUid: string }[] }>(
      accessToken,
      "GET",
      "/api/studies",
    );
    expect(list.body.studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([
      hers.studyInstanceUid,
    ]);
    expect((await mint({}, accessToken)).status).toBe(403);
    expect((await people.call(accessToken, "POST", "/api/share-links/renewal")).status).toBe(200);
    const links = await people.call<{ shareLinks: { id: number }[] }>(
      await stack.token("doctor"),
      "GET",
      "/api/share-links",
    );
    expect(links.body.shareLinks.map(({ id }) => id)).toContain(minted.body.id);
    expect(JSON.stringify(links.body)).not.toContain(minted.body.token);
    const revoke = `/api/share-links/${minted.body.id}`;
    expect((await people.call(await stack.token("doctor"), "DELETE", revoke)).status).toBe(204);
    await until(401, () => people.call(accessToken, "GET", `${instancePath(hers)}/frames/1`), 5);
    expect((await exchange(minted.body.token)).body).toMatchObject({ code: "share-link-invalid" });
    expect((await people.call(accessToken, "POST", "/api/share-links/renewal")).status).toBe(401);
  });

  test("with a number of uses serves so many, also when all come at once", async () => {
    const minted = await mint({ usesAllowed: 2 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => exchange(minted.body.token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect((await exchange(minted.body.token)).body).toMatchObject({ code: "share-link-expired" });
  });

  test("is minted only by someone who may share and sees each study", async () => {
    await people.create("restricted-doctor", "doctor", { labels: ["nothing"] });
    const restricted = (await people.logIn("restricted-doctor")).accessToken;
    expect((await mint({}, restricted)).status).toBe(403);
    await people.create("sharing-nurse", "nurse");
    expect((await mint({}, (await people.logIn("sharing-nurse")).accessToken)).status).toBe(403);
    expect((await mint({ studyInstanceUids: ["1.2.3"] })).status).toBe(404);
    expect((await mint({ expiresAt: new Date(0).toISOString() })).status).toBe(400);
    expect((await mint({ permissions: ["view", "delete"] })).status).toBe(400);
    expect((await exchange("not a token")).body).toMatchObject({ code: "share-link-invalid" });
  });

  test("of another doctor is neither listed for nor revoked by one", async () => {
    const minted = await mint();
    await people.create("other-doctor", "doctor");
    const other = (await people.logIn("other-doctor")).accessToken;
    expect(
      (await people.call<{ shareLinks: unknown[] }>(other, "GET", "/api/share-links")).body.shareLinks,
    ).toEqual([]);
    expect((await people.call(other, "DELETE", `/api/share-links/${minted.body.id}`)).status).toBe(404);
    expect(
      (await people.call(await stack.token(), "DELETE", `/api/share-links/${minted.body.id}`)).status,
    ).toBe(204);
  });
});

describe("a share link does not outlive the right it was made with", () => {
  const body = () => ({
    studyInstanceUids: [hers.studyInstanceUid],
    permissions: ["view", "download"],
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  });
  const change = async (id: number, to: object) =>
    expect((await people.call(await stack.token(), "PATCH", `/api/accounts/${id}`, to)).status).toBe(200);

  /** A link of the bearer of this token, and a session of somebody who has opened it. */
  async function opened(creator: string) {
    const minted = await people.call<{ token: string }>(creator, "POST", "/api/share-links", body());
    expect(minted.status, JSON.stringify(minted.body)).toBe(201);
    const exchange = () =>
      people.call<{ accessToken: string }>(undefined, "POST", "/api/share-links/exchange", {
        token: minted.body.token,
      });
    const { accessToken } = (await exchange()).body;
    const frame = () => people.call(accessToken, "GET", `${instancePath(hers)}/frames/1`);
    const renew = () => people.call(accessToken, "POST", "/api/share-links/renewal");
    expect((await frame()).status).toBe(200);
    return { exchange, frame, renew };
  }
  async function isOver({ exchange, frame, renew }: Awaited<ReturnType<typeof opened>>) {
    await until(401, frame, 5);
    expect((await renew()).status).toBe(401);
    expect(await exchange()).toMatchObject({ status: 401, body: { code: "share-link-invalid" } });
  }

  test("it stops when its creator's account is disabled, and goes on when that is undone", async () => {
    const id = await people.create("leaving-doctor", "doctor");
    const link = await opened((await people.logIn("leaving-doctor")).accessToken);
    await change(id, { disabled: true });
    await isOver(link);
    await change(id, { disabled: false });
    await until(200, link.exchange, 5);
  });

  test("it stops when its creator may no longer share", async () => {
    const id = await people.create("demoted-doctor", "doctor");
    const link = await opened((await people.logIn("demoted-doctor")).accessToken);
    await change(id, { role: "nurse" });
    await isOver(link);
  });

  test("it stops when its creator's account is removed from the database", async () => {
    const id = await people.create("removed-doctor", "doctor");
    const link = await opened((await people.logIn("removed-doctor")).accessToken);
    await stack.sql(`DELETE FROM account WHERE id = ${id}`);
    await isOver(link);
  });

  test("it shows nothing that has come out of its creator's reach", async () => {
    const id = await people.create("moving-doctor", "doctor");
    const link = await opened((await people.logIn("moving-doctor")).accessToken);
    await change(id, { labels: ["another-ward"] });
    await until(403, link.frame, 5);
  });

  test("it stops when the API key that made it is revoked", async () => {
    const admin = await stack.token();
    const permissions = ["view", "download", "share"];
    const made = await people.call<{ id: number; key: string }>(admin, "POST", "/api/api-keys", {
      name: "portal",
      permissions,
      labels: ["*"],
      validForDays: 1,
    });
    expect(made.status).toBe(201);
    const link = await opened(made.body.key);
    expect((await people.call(admin, "DELETE", `/api/api-keys/${made.body.id}`)).status).toBe(204);
    await isOver(link);
  });
});
