import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROLE_PERMISSIONS, type Permission, type UserRole } from "../../src/authorization/permissions.js";
import { People, imageOf, type Image } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

/** Requests to Orthanc itself, past nginx: what lua-scripts/authorization-filter.lua lets pass on stock Debian's Orthanc. */
let stack: RunningStack;
let people: People;
const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");
const ids = new Map<Image, { study: string; series: string; instance: string; patient: string }>();
const tokens = new Map<string, string>();

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  await people.store(hers.bytes, his.bytes);
  for (const image of [hers, his]) {
    const find = (level: string, query: object) =>
      stack.orthancJson<string[]>("/tools/find", {
        method: "POST",
        body: JSON.stringify({ Level: level, Query: query }),
      });
    const [study = ""] = await find("Study", { StudyInstanceUID: image.studyInstanceUid });
    const [series = ""] = await find("Series", { SeriesInstanceUID: image.seriesInstanceUid });
    const [instance = ""] = await find("Instance", { SOPInstanceUID: image.sopInstanceUid });
    const [patient = ""] = await find("Patient", { PatientID: image === hers ? "P-1" : "P-2" });
    ids.set(image, { study, series, instance, patient });
  }
  const admin = await stack.token();
  await people.call(admin, "PUT", `/api/studies/${hers.studyInstanceUid}/labels`, { labels: ["ward-1"] });
  for (const role of Object.keys(ROLE_PERMISSIONS) as UserRole[]) {
    if (role === "patient")
      tokens.set(role, await people.token(`some-${role}`, role, { patient: { patientId: "P-1" } }));
    else {
      tokens.set(role, await people.token(`some-${role}`, role, { labels: ["*"] }));
      tokens.set(`${role} of ward-1`, await people.token(`some-${role}-1`, role, { labels: ["ward-1"] }));
      tokens.set(`${role} of nothing`, await people.token(`some-${role}-0`, role, { labels: [] }));
    }
  }
}, 300_000);

afterAll(() => stack.stop());

interface Case {
  readonly method: string;
  readonly path: (
    at: { study: string; series: string; instance: string; patient: string },
    image: Image,
  ) => string;
  readonly permission: Permission;
  /** Whether it is about one study, or about all there are. */
  readonly about: "study" | "patient" | "archive";
}

const CASES: readonly Case[] = [
  { method: "GET", path: ({ study }) => `/studies/${study}`, permission: "view", about: "study" },
  { method: "GET", path: ({ series }) => `/series/${series}`, permission: "view", about: "study" },
  {
    method: "GET",
    path: ({ instance }) => `/instances/${instance}/tags`,
    permission: "view",
    about: "study",
  },
  {
    method: "GET",
    path: ({ instance }) => `/instances/${instance}/preview`,
    permission: "view",
    about: "study",
  },
  { method: "GET", path: ({ study }) => `/studies/${study}/archive`, permission: "download", about: "study" },
  { method: "GET", path: ({ patient }) => `/patients/${patient}`, permission: "view", about: "patient" },
  {
    method: "GET",
    path: (_at, image) => `/dicom-web/studies/${image.studyInstanceUid}/metadata`,
    permission: "view",
    about: "study",
  },
  {
    method: "GET",
    path: (_at, image) => `/dicom-web/studies/${image.studyInstanceUid}`,
    permission: "download",
    about: "study",
  },
  { method: "GET", path: () => "/dicom-web/studies", permission: "view", about: "archive" },
  { method: "GET", path: () => "/studies", permission: "view", about: "archive" },
  { method: "GET", path: () => "/system", permission: "administer-archive", about: "archive" },
  { method: "GET", path: () => "/changes", permission: "administer-archive", about: "archive" },
  { method: "PUT", path: () => "/modalities/elsewhere", permission: "administer-archive", about: "archive" },
  {
    method: "POST",
    path: ({ study }) => `/studies/${study}/anonymize`,
    permission: "anonymize",
    about: "study",
  },
  {
    method: "POST",
    path: ({ instance }) => `/instances/${instance}/modify`,
    permission: "modify",
    about: "study",
  },
  { method: "POST", path: () => "/instances", permission: "upload", about: "archive" },
  { method: "POST", path: () => "/tools/reset", permission: "administer-archive", about: "archive" },
];

describe("on an Orthanc without plugin", () => {
  test("every role passes with just what its permissions and its reach allow", async () => {
    const wrong: string[] = [];
    for (const [name, token] of tokens) {
      const [role = "", of = ""] = name.split(" of ");
      for (const { method, path, permission, about } of CASES) {
        for (const image of [hers, his]) {
          const at = ids.get(image);
          if (at === undefined) throw new Error("an image was not found in Orthanc");
          const has = (ROLE_PERMISSIONS[role as UserRole] as readonly Permission[]).includes(permission);
          const everything = of === "" && role !== "patient";
          const within = everything || (about === "study" && image === hers && of !== "nothing");
          // Only whether it passes is asked here: what Orthanc makes of an empty body is its own affair.
          if (method !== "GET" && has && within) continue;
          const passes =
            (await orthanc(method, path(at, image), { Authorization: `Bearer ${token}` })) !== 403;
          if (passes !== (has && within))
            wrong.push(`${name}: ${method} ${path(at, image)} ${passes ? "passes" : "is refused"}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  test("nobody passes without a token, or with one that is not valid", async () => {
    const path = `/studies/${ids.get(hers)?.study ?? ""}`;
    const headers: Record<string, string>[] = [
      {},
      { Authorization: "Bearer nonsense" },
      { Authorization: "Basic b3J0aGFuYzpvcnRoYW5j" },
      { token: "nonsense" },
      { "api-key": "nnk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
      { Authorization: `Bearer ${(tokens.get("admin") ?? "").slice(0, -3)}AAA` },
    ];
    for (const header of headers) {
      expect(await orthanc("GET", path, header)).toBe(403);
      expect(await orthanc("GET", "/dicom-web/studies", header)).toBe(403);
    }
  });

  test("a method that is overridden is judged as what it becomes", async () => {
    const path = `/studies/${ids.get(hers)?.study ?? ""}`;
    const bearer = { Authorization: `Bearer ${tokens.get("doctor") ?? ""}` };
    expect(await orthanc("GET", `${path}?_method=DELETE`, bearer)).toBe(403);
    expect(await orthanc("GET", path, { ...bearer, "X-HTTP-Method-Override": "DELETE" })).toBe(403);
    expect(await orthanc("GET", path, bearer)).toBe(200);
  });

  test("a share link passes to its study, to look, in every header that carries tokens", async () => {
    const minted = await people.call<{ token: string }>(await stack.token(), "POST", "/api/share-links", {
      studyInstanceUids: [hers.studyInstanceUid],
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    const { token } = minted.body;
    const [own, other] = [ids.get(hers), ids.get(his)];
    for (const header of [{ Authorization: `Bearer ${token}` }, { token }, { "api-key": token }] as Record<
      string,
      string
    >[]) {
      expect(await orthanc("GET", `/studies/${own?.study ?? ""}`, header)).toBe(200);
      expect(await orthanc("GET", `/studies/${other?.study ?? ""}`, header)).toBe(403);
      expect(await orthanc("GET", `/studies/${own?.study ?? ""}/archive`, header)).toBe(403);
      expect(await orthanc("POST", `/studies/${own?.study ?? ""}/anonymize`, header)).toBe(403);
      expect(await orthanc("DELETE", `/studies/${own?.study ?? ""}`, header)).toBe(403);
      expect(await orthanc("GET", "/studies", header)).toBe(403);
    }
  });

  test("everything is refused while the sidecar is away, and passes again when it is back", async () => {
    const sidecar = stack.local.processes["sidecar"];
    const bearer = { Authorization: `Bearer ${tokens.get("admin") ?? ""}` };
    expect(await orthanc("GET", "/system", bearer)).toBe(200);
    await sidecar?.stop();
    expect(await orthanc("GET", "/system", bearer)).toBe(403);
    expect((await stack.orthanc("/system")).status, "its own account does not need the sidecar").toBe(200);
    await sidecar?.start();
    expect(await orthanc("GET", "/system", bearer)).toBe(200);
  });
});

async function orthanc(method: string, path: string, headers: Record<string, string>): Promise<number> {
  const response = await fetch(stack.local.orthancUrl + path, { method, headers });
  await response.arrayBuffer();
  return response.status;
}
