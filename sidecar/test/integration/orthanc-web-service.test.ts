import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writePart10File } from "../../src/segmentation/part10-file.js";
import { People } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

interface Call {
  readonly request: { readonly method: string; readonly path: string; readonly body: object | null };
}
type Body = Record<string, unknown> & { readonly "token-value"?: string; readonly "dicom-uid"?: string };

const EXCHANGES = new URL("../fixtures/orthanc-authorization/exchanges.jsonl", import.meta.url);
const calls = readFileSync(EXCHANGES, "utf8")
  .trim()
  .split("\n")
  .flatMap((line) => (JSON.parse(line) as { calls: Call[] }).calls);
const uidOf = (study: number) => `1.2.826.0.1.3680043.9.7.${study}`;
const PATIENTS = ["PATA", "PATB", "PATC"];

let stack: RunningStack;
let people: People;
/** Tokens of ours for those of the recording. */
let tokens: { all: string; a: string; admin: string; links: Map<string, string> };

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  await people.store(...PATIENTS.map((patient, index) => imageOf(patient, uidOf(index + 1))));
  const admin = await stack.token();
  const label = (study: number, ...labels: string[]) =>
    people.call(admin, "PUT", `/api/studies/${uidOf(study)}/labels`, { labels });
  expect((await label(1, "label_a")).status).toBeLessThan(300);
  expect((await label(2, "label_b")).status).toBeLessThan(300);
  const key = await people.call<{ key: string }>(admin, "POST", "/api/api-keys", {
    name: "user-a",
    permissions: ["view", "download", "upload", "share", "delete"],
    labels: ["label_a"],
    validForDays: 1,
  });
  const links = new Map<string, string>();
  for (const study of [1, 2, 3]) links.set(uidOf(study), await link(admin, uidOf(study)));
  tokens = {
    all: await people.token("all", "radiologist", { labels: ["*"] }),
    a: key.body.key,
    admin,
    links,
  };
});

afterAll(() => stack.stop());

describe("every call that the plugin was recorded to make", () => {
  test("has an answer of the types the plugin insists on, which grants what it should and no more", async () => {
    const counts = new Map<string, number>();
    for (const { request: recorded } of calls) {
      const { method, path } = recorded;
      const body = substituted((recorded.body ?? {}) as Body);
      const answer = await service(method, path, method === "GET" ? undefined : body);
      const what = path.startsWith("/tokens/") && method === "PUT" ? "PUT tokens" : path.slice(1);
      counts.set(what, (counts.get(what) ?? 0) + 1);
      const said = `${method} ${path} ${JSON.stringify(recorded.body)} → ${JSON.stringify(answer)}`;
      if (what === "user/get-profile") expectProfile(recorded.body as Body, answer.body, said);
      else if (what === "tokens/validate") expectVerdict(recorded.body as Body, answer.body, said);
      else if (what === "tokens/decode") expectResources(recorded.body as Body, answer.body, said);
    }
    expect(counts.get("user/get-profile")).toBe(443);
    expect(counts.get("tokens/validate")).toBe(141);
    expect(counts.get("tokens/decode")).toBe(41);
    expect(counts.get("PUT tokens")).toBe(22);
  }, 300_000);

  test("who names no caller mints a link only to what everybody seen lately may share", async () => {
    const wanted = (study: number) => ({
      resources: [{ "dicom-uid": uidOf(study), level: "study" }],
      type: "stone-viewer-publication",
      "validity-duration": 94_008_237_455_187,
    });
    const mint = (study: number) => service("PUT", "/tokens/stone-viewer-publication", wanted(study));
    await forgetCallers();
    expect(await mint(1)).toMatchObject({ status: 403, body: { code: "caller-unknown" } });
    await profile(tokens.a);
    const own = await mint(1);
    expect(own).toMatchObject({ status: 200, body: { token: expect.any(String) as string } });
    expect(own.body["url"]).toBe(`${stack.local.address}/share#${String(own.body["token"])}`);
    expect(await mint(2)).toMatchObject({ status: 403, body: { code: "study-forbidden" } });
    await profile(tokens.all);
    expect((await mint(2)).status, "it may have been the restricted one").toBe(403);
    await forgetCallers();
    await profile(tokens.all);
    const minted = await mint(2);
    expect(minted.status).toBe(200);
    const decoded = await service("POST", "/tokens/decode", {
      "token-key": "token",
      "token-value": minted.body["token"],
    });
    expect(decoded.body).toMatchObject({
      "token-type": "stone-viewer-publication",
      resources: [{ "dicom-uid": uidOf(2), level: "study" }],
    });
  });
});

describe("the web service", () => {
  test("answers nobody without Orthanc's credentials, and nothing through nginx", async () => {
    for (const authorization of ["", "Basic b3J0aGFuYzp3cm9uZw==", `Bearer ${tokens.admin}`]) {
      const answer = await service(
        "POST",
        "/user/get-profile",
        { "token-key": "", "token-value": "" },
        authorization,
      );
      expect(answer.status).toBe(401);
    }
    const path = "/internal/orthanc-authorization/user/get-profile";
    expect((await people.call(tokens.admin, "POST", path, {})).status).toBe(404);
  });

  test("takes a body in chunks, without a length", async () => {
    const answer = await service("POST", "/tokens/validate", validation("get", uidOf(1), tokens.all));
    expect(answer).toMatchObject({ status: 200, body: { granted: true } });
  });

  test("says what is wrong with a body that it cannot use", async () => {
    expect((await service("POST", "/user/get-profile", "{")).status).toBe(400);
    expect((await service("POST", "/tokens/validate", { method: "steal", level: "study" })).status).toBe(400);
    expect((await service("POST", "/user/get-profile", { "token-value": "x".repeat(70_000) })).status).toBe(
      413,
    );
    expect((await service("PUT", "/tokens/no-such-link", {})).status).toBe(404);
  });

  test("tells the roles of the permission table, and takes no others", async () => {
    const roles = await service("GET", "/settings/roles");
    expect(roles.body).toMatchObject({
      roles: {
        admin: { permissions: ["all"] },
        nurse: { permissions: ["view", "download", "upload", "worklists"] },
      },
      "available-labels": ["label_a", "label_b"],
    });
    expect((await service("PUT", "/settings/roles", roles.body)).status).toBe(200);
    const changed = { ...roles.body, roles: { nurse: { "authorized-labels": ["*"], permissions: ["all"] } } };
    expect((await service("PUT", "/settings/roles", changed)).body).toMatchObject({ code: "roles-are-code" });
  });

  test("stops granting when a link is revoked, an account disabled", async () => {
    const token = await link(tokens.admin, uidOf(3));
    const links = await people.call<{ shareLinks: { id: number }[] }>(
      tokens.admin,
      "GET",
      "/api/share-links",
    );
    const granted = async (value: string) =>
      (await service("POST", "/tokens/validate", validation("get", uidOf(3), value))).body["granted"];
    expect(await granted(token)).toBe(true);
    await people.call(tokens.admin, "DELETE", `/api/share-links/${links.body.shareLinks[0]?.id ?? 0}`);
    expect(await granted(token)).toBe(false);
    const id = await people.create("leaver", "doctor", { labels: ["*"] });
    const { accessToken } = await people.logIn("leaver");
    expect(await granted(accessToken)).toBe(true);
    await people.call(tokens.admin, "PATCH", `/api/accounts/${id}`, { disabled: true });
    expect(await granted(accessToken)).toBe(false);
  });
});

function expectProfile(recorded: Body, body: Record<string, unknown>, said: string): void {
  const { name, permissions, validity, groups } = body;
  const labels = body["authorized-labels"];
  expect(typeof name, said).toBe("string");
  expect(Number.isInteger(validity) && Number(validity) >= 1 && Number(validity) < 2 ** 31, said).toBe(true);
  for (const list of [permissions, labels, groups]) expect(Array.isArray(list), said).toBe(true);
  const who = personIn(recorded);
  if (who === "all") expect(labels, said).toEqual(["*"]);
  else if (who === "admin") expect(permissions, said).toContain("all");
  else if (who === "a")
    expect({ labels, all: (permissions as string[]).includes("all") }, said).toEqual({
      labels: ["label_a"],
      all: false,
    });
  else expect([permissions, labels], said).toEqual([[], []]);
}

function expectVerdict(recorded: Body, body: Record<string, unknown>, said: string): void {
  expect(typeof body["granted"], said).toBe("boolean");
  expect(Number.isInteger(body["validity"]) && Number(body["validity"]) >= 0, said).toBe(true);
  const { method, level } = recorded as { method: string; level: string } & Body;
  const uid = recorded["dicom-uid"] ?? "";
  const who = personIn(recorded);
  const reads = (method === "get" || method === "post") && level === "study";
  const known = [1, 2, 3].some((study) => uidOf(study) === uid);
  const within =
    who === "all" ||
    who === "admin" ||
    (who === "a" && uid === uidOf(1)) ||
    (who?.startsWith("res-") === true && who === `res-${uid}`);
  expect(body["granted"], said).toBe(reads && known && within);
}

function expectResources(recorded: Body, body: Record<string, unknown>, said: string): void {
  const who = personIn(recorded);
  const resources = body["resources"] as { "dicom-uid": string }[];
  if (who?.startsWith("res-") === true && tokens.links.has(who.slice(4)))
    expect(
      resources.map((resource) => resource["dicom-uid"]),
      said,
    ).toEqual([who.slice(4)]);
  else expect([body["error-code"], resources], said).toEqual(["unknown", []]);
}

/** Whose token a recorded call carries: `all`, `a`, `admin`, `res-{uid}`; undefined for none or another. */
function personIn(body: Body): string | undefined {
  const value = (body["token-value"] ?? "").replace(/^Bearer /, "");
  const [, person] = /^user-(all|admin|a)-/.exec(value) ?? [];
  return person ?? /^(res-[\d.]+)-/.exec(value)?.[1];
}

/** The same call with a token of ours in place of the recording's. */
function substituted(body: Body): Body {
  const person = personIn(body);
  if (person === undefined) return body;
  const token = person.startsWith("res-")
    ? (tokens.links.get(person.slice(4)) ?? "none")
    : tokens[person as "all" | "a" | "admin"];
  const bearer = body["token-value"]?.startsWith("Bearer ") === true ? "Bearer " : "";
  return { ...body, "token-value": bearer + token };
}

function validation(method: string, uid: string, token: string) {
  return { method, level: "study", "dicom-uid": uid, "token-key": "token", "token-value": token };
}

function profile(token: string) {
  return service("POST", "/user/get-profile", { "token-key": "token", "token-value": token });
}

/** Whoever was seen within the last second is not written down again. */
async function forgetCallers(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await stack.sql("DELETE FROM orthanc_caller");
}

async function link(token: string, uid: string): Promise<string> {
  const minted = await people.call<{ token: string }>(token, "POST", "/api/share-links", {
    studyInstanceUids: [uid],
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  expect(minted.status, JSON.stringify(minted.body)).toBe(201);
  return minted.body.token;
}

/** Calls the service as the plugin does: a connection for each call, the body in chunks without a length. */
function service(
  method: string,
  path: string,
  body?: unknown,
  authorization:
    | string
    | undefined = `Basic ${Buffer.from(`orthanc:${stack.local.secrets.arrivalSecret}`).toString("base64")}`,
): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port: stack.local.ports.sidecar[0],
        agent: false,
        method,
        path: `/internal/orthanc-authorization${path}`,
        headers: {
          ...(authorization === "" ? {} : { Authorization: authorization }),
          "Content-Type": "application/json",
          "Transfer-Encoding": "chunked",
        },
      },
      (incoming) => {
        let text = "";
        incoming.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
        incoming.once("end", () =>
          resolve({
            status: incoming.statusCode ?? 0,
            body: text === "" || text === "null" ? {} : (JSON.parse(text) as Record<string, unknown>),
          }),
        );
      },
    );
    outgoing.once("error", reject);
    const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
    for (let start = 0; start < text.length; start += 50) outgoing.write(text.slice(start, start + 50));
    outgoing.end();
  });
}

function imageOf(patientId: string, studyInstanceUid: string): Uint8Array {
  return writePart10File({
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.4",
    SOPInstanceUID: `${studyInstanceUid}.1.1`,
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: `${studyInstanceUid}.1`,
    PatientName: "Replay^Recorded",
    PatientID: patientId,
    Modality: "MR",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: 8,
    Columns: 8,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    PixelData: new Uint8Array(64),
  });
}
