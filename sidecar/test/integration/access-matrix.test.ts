import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDITED_ROUTES } from "../../src/audit/audited-routes.js";
import { ROLE_PERMISSIONS, type Permission, type UserRole } from "../../src/authorization/permissions.js";
import type { DicomWebTransaction } from "../../src/dicomweb/route.js";
import { API as DESCRIBED } from "../../src/openapi/api.js";
import { People, imageOf, instancePath, studyPath, type Image } from "../stack/people.js";
import { RunningStack } from "../stack/running-stack.js";

/** What a route asks for: nobody, anybody with a token, or a permission; about one study, about those in reach, about all. */
interface Access {
  readonly needs: Permission | "a token" | "nothing";
  readonly about?: "study" | "in reach" | "all";
}

const WRITING: Readonly<Record<string, Permission>> = {
  patients: "emr-write",
  encounters: "emr-write",
  conditions: "emr-write",
  orders: "order",
  observations: "record-results",
  reports: "record-results",
};

/** Every route of the REST API. The test fails for one that the program has and this does not, and the other way round. */
const API: Readonly<Record<string, Access>> = {
  "GET /api/openapi.json": { needs: "nothing" },
  "GET /api/docs": { needs: "nothing" },
  "GET /api/docs/style.css": { needs: "nothing" },
  "POST /api/auth/login": { needs: "nothing" },
  "POST /api/auth/refresh": { needs: "nothing" },
  "POST /api/auth/logout": { needs: "nothing" },
  "POST /api/auth/password": { needs: "a token" },
  "GET /api/auth/me": { needs: "a token" },
  "POST /api/auth/orthanc-session": { needs: "administer-archive", about: "all" },
  "DELETE /api/auth/orthanc-session": { needs: "nothing" },
  // Who has neither a ticket of an EMR nor a launched session's cookie comes no further (smart-launch.test.ts).
  "GET /smart/launch": { needs: "nothing" },
  "GET /smart/callback": { needs: "nothing" },
  "POST /api/launches/:id/renewal": { needs: "nothing" },
  "DELETE /api/launches/:id": { needs: "nothing" },
  "POST /api/oauth/token": { needs: "nothing" },
  "GET /api/accounts": { needs: "admin-permissions", about: "all" },
  "POST /api/accounts": { needs: "admin-permissions", about: "all" },
  "GET /api/accounts/:id": { needs: "admin-permissions", about: "all" },
  "PATCH /api/accounts/:id": { needs: "admin-permissions", about: "all" },
  "PUT /api/accounts/:id/password": { needs: "admin-permissions", about: "all" },
  "GET /api/api-keys": { needs: "admin-permissions", about: "all" },
  "POST /api/api-keys": { needs: "admin-permissions", about: "all" },
  "DELETE /api/api-keys/:id": { needs: "admin-permissions", about: "all" },
  "GET /api/clients": { needs: "admin-permissions", about: "all" },
  "POST /api/clients": { needs: "admin-permissions", about: "all" },
  "DELETE /api/clients/:clientId": { needs: "admin-permissions", about: "all" },
  "GET /api/webhooks": { needs: "admin-permissions", about: "all" },
  "POST /api/webhooks": { needs: "admin-permissions", about: "all" },
  "GET /api/webhooks/:id": { needs: "admin-permissions", about: "all" },
  "PATCH /api/webhooks/:id": { needs: "admin-permissions", about: "all" },
  "DELETE /api/webhooks/:id": { needs: "admin-permissions", about: "all" },
  "POST /api/webhooks/:id/secret": { needs: "admin-permissions", about: "all" },
  "POST /api/webhooks/:id/ping": { needs: "admin-permissions", about: "all" },
  "GET /api/webhooks/:id/deliveries": { needs: "admin-permissions", about: "all" },
  "POST /api/webhooks/:id/deliveries/replay": { needs: "admin-permissions", about: "all" },
  "POST /api/webhooks/:id/deliveries/:delivery/replay": { needs: "admin-permissions", about: "all" },
  // Who is no source comes no further (inbound-hook-signatures.test.ts).
  "POST /api/hooks/:source": { needs: "nothing" },
  "GET /api/hooks/:source/:webhookId": { needs: "nothing" },
  "GET /api/hook-sources": { needs: "admin-permissions", about: "all" },
  "POST /api/hook-sources": { needs: "admin-permissions", about: "all" },
  "GET /api/hook-sources/:source": { needs: "admin-permissions", about: "all" },
  "PATCH /api/hook-sources/:source": { needs: "admin-permissions", about: "all" },
  "DELETE /api/hook-sources/:source": { needs: "admin-permissions", about: "all" },
  "POST /api/hook-sources/:source/secret": { needs: "admin-permissions", about: "all" },
  "GET /api/hook-sources/:source/messages": { needs: "admin-permissions", about: "all" },
  "POST /api/hook-sources/:source/messages/:id/replay": { needs: "admin-permissions", about: "all" },
  "POST /api/break-glass": { needs: "break-glass", about: "in reach" },
  "GET /api/break-glass": { needs: "audit-logs", about: "all" },
  "POST /api/break-glass/:id/acknowledgement": { needs: "audit-logs", about: "all" },
  "DELETE /api/break-glass/:id": { needs: "a token" },
  "POST /api/share-links/exchange": { needs: "nothing" },
  "POST /api/share-links/renewal": { needs: "nothing" },
  "POST /api/share-links": { needs: "share", about: "in reach" },
  "GET /api/share-links": { needs: "share", about: "in reach" },
  "DELETE /api/share-links/:id": { needs: "share", about: "in reach" },
  "GET /api/studies": { needs: "view", about: "in reach" },
  "GET /api/studies/:studyInstanceUid": { needs: "view", about: "study" },
  "GET /api/studies/:studyInstanceUid/fhir": { needs: "view", about: "study" },
  "PUT /api/studies/:studyInstanceUid/labels": { needs: "edit-labels", about: "study" },
  "GET /api/studies/:studyInstanceUid/key-images": { needs: "view", about: "study" },
  "POST /api/studies/:studyInstanceUid/key-images": { needs: "annotate", about: "study" },
  "DELETE /api/studies/:studyInstanceUid/key-images/:sopInstanceUid": { needs: "annotate", about: "study" },
  "GET /api/ai/results/:id": { needs: "view", about: "in reach" },
  "GET /api/ai/results/:id/objects/:sopInstanceUid": { needs: "review", about: "in reach" },
  "POST /api/ai/results/:id/review": { needs: "review", about: "in reach" },
  "PUT /api/ai/results/:id/segmentation": { needs: "review", about: "in reach" },
  "GET /api/ai/statistics": { needs: "review", about: "all" },
  "GET /api/ai/models/:name/statistics": { needs: "view", about: "all" },
  "GET /api/models": { needs: "view", about: "in reach" },
  "GET /api/models/:name/:version/card": { needs: "view", about: "in reach" },
  "POST /api/models/reload": { needs: "administer-work", about: "all" },
  "PUT /api/models/:name/:version": { needs: "administer-work", about: "all" },
  "POST /api/ai/jobs": { needs: "run-model", about: "in reach" },
  "GET /api/ai/jobs": { needs: "view", about: "in reach" },
  "GET /api/ai/jobs/:id": { needs: "view", about: "in reach" },
  "POST /api/ai/jobs/:id/cancel": { needs: "run-model", about: "in reach" },
  "POST /api/ai/jobs/:id/retry": { needs: "run-model", about: "in reach" },
  "POST /api/inference": { needs: "run-model", about: "in reach" },
  "GET /api/inference/:id": { needs: "view", about: "in reach" },
  "GET /api/inference/:id/segmentation": { needs: "view", about: "in reach" },
  "GET /api/inference/:id/attention": { needs: "view", about: "in reach" },
  "GET /api/failures": { needs: "administer-work", about: "in reach" },
  "POST /api/failures/:kind/:id/retry": { needs: "administer-work", about: "in reach" },
  "GET /api/status": { needs: "administer-work", about: "all" },
  "GET /api/queues": { needs: "administer-work", about: "all" },
  "GET /api/outbox": { needs: "administer-work", about: "all" },
  "GET /api/outbox/messages": { needs: "administer-work", about: "all" },
  "GET /api/outbox/messages/:id": { needs: "administer-work", about: "all" },
  "POST /api/outbox/messages/:id/replay": { needs: "administer-work", about: "all" },
  "POST /api/outbox/messages/:id/drop": { needs: "administer-work", about: "all" },
  "POST /api/outbox/replay": { needs: "administer-work", about: "all" },
  // What it takes to write is each kind's own affair (emr.test.ts); who cannot see records does not get that far.
  ...Object.fromEntries(
    ["patients", "encounters", "conditions", "orders", "observations", "reports"].flatMap(
      (kind): [string, Access][] => [
        [`GET /api/emr/${kind}`, { needs: "emr-view", about: "in reach" }],
        [
          `POST /api/emr/${kind}`,
          { needs: WRITING[kind] ?? "a token", about: kind === "patients" ? "all" : "in reach" },
        ],
        [`GET /api/emr/${kind}/:id`, { needs: "emr-view", about: "in reach" }],
        [`PATCH /api/emr/${kind}/:id`, { needs: "emr-view", about: "in reach" }],
      ],
    ),
  ),
  "GET /api/emr/patients/:id/merges": { needs: "resolve-identity", about: "all" },
  "POST /api/emr/merges": { needs: "resolve-identity", about: "all" },
  "POST /api/emr/merges/:id/undo": { needs: "resolve-identity", about: "all" },
  "GET /api/emr/identity-worklist": { needs: "resolve-identity", about: "all" },
  "POST /api/emr/identity-worklist/:id/resolve": { needs: "resolve-identity", about: "all" },
  "GET /api/audit": { needs: "audit-logs", about: "all" },
  "GET /api/audit/verify": { needs: "audit-logs", about: "all" },
};

/** Every DICOMweb transaction, at each of its levels; a transaction without a line does not compile. */
const DICOMWEB: Readonly<
  Record<DicomWebTransaction, readonly (Access & { readonly path: (image: Image) => string })[]>
> = {
  searchStudies: [{ needs: "view", about: "in reach", path: () => "/dicom-web/studies" }],
  searchSeries: [
    { needs: "view", about: "in reach", path: () => "/dicom-web/series" },
    { needs: "view", about: "study", path: (image) => `${studyPath(image)}/series` },
  ],
  searchInstances: [
    { needs: "view", about: "in reach", path: () => "/dicom-web/instances" },
    { needs: "view", about: "study", path: (image) => `${studyPath(image)}/instances` },
    { needs: "view", about: "study", path: (image) => `${seriesPath(image)}/instances` },
  ],
  retrieve: [
    { needs: "download", about: "study", path: studyPath },
    { needs: "download", about: "study", path: seriesPath },
    { needs: "view", about: "study", path: instancePath },
  ],
  retrieveMetadata: [
    { needs: "view", about: "study", path: (image) => `${studyPath(image)}/metadata` },
    { needs: "view", about: "study", path: (image) => `${seriesPath(image)}/metadata` },
    { needs: "view", about: "study", path: (image) => `${instancePath(image)}/metadata` },
  ],
  retrieveRendered: [
    { needs: "view", about: "study", path: (image) => `${studyPath(image)}/rendered` },
    { needs: "view", about: "study", path: (image) => `${seriesPath(image)}/rendered` },
    { needs: "view", about: "study", path: (image) => `${instancePath(image)}/rendered` },
    { needs: "view", about: "study", path: (image) => `${instancePath(image)}/frames/1/rendered` },
  ],
  retrieveThumbnail: [
    { needs: "view", about: "study", path: (image) => `${studyPath(image)}/thumbnail` },
    { needs: "view", about: "study", path: (image) => `${seriesPath(image)}/thumbnail` },
    { needs: "view", about: "study", path: (image) => `${instancePath(image)}/thumbnail` },
    { needs: "view", about: "study", path: (image) => `${instancePath(image)}/frames/1/thumbnail` },
  ],
  retrieveFrames: [{ needs: "view", about: "study", path: (image) => `${instancePath(image)}/frames/1` }],
  retrieveBulkData: [
    { needs: "view", about: "study", path: (image) => `${instancePath(image)}/bulk/7fe00010` },
  ],
  storeInstances: [],
};

interface Person {
  readonly name: string;
  readonly token: string;
  readonly permissions: readonly Permission[];
  readonly reaches: "all" | readonly Image[];
}

let stack: RunningStack;
let people: People;
const hers = imageOf(1, "P-1", "Hers^Patient");
const his = imageOf(2, "P-2", "His^Patient");
const persons: Person[] = [];

beforeAll(async () => {
  stack = await RunningStack.start();
  people = new People(stack);
  await people.store(hers.bytes, his.bytes);
  const admin = await stack.token();
  await people.call(admin, "PUT", `/api/studies/${hers.studyInstanceUid}/labels`, { labels: ["ward-1"] });
  const add = async (role: UserRole, suffix: string, reaches: Person["reaches"], rest: object) => {
    const name = `${role}${suffix}`;
    const token = await people.token(`matrix-${name}`, role, rest);
    persons.push({ name, token, permissions: ROLE_PERMISSIONS[role], reaches });
  };
  for (const role of Object.keys(ROLE_PERMISSIONS) as UserRole[]) {
    if (role === "patient") await add(role, "", [hers], { patient: { patientId: "P-1" } });
    else {
      await add(role, "", "all", { labels: ["*"] });
      await add(role, "-of-ward-1", [hers], { labels: ["ward-1"] });
      await add(role, "-of-nothing", [], { labels: [] });
    }
  }
  const minted = await people.call<{ token: string }>(admin, "POST", "/api/share-links", {
    studyInstanceUids: [hers.studyInstanceUid],
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  const { token } = minted.body;
  const shared = await people.call<{ accessToken: string }>(undefined, "POST", "/api/share-links/exchange", {
    token,
  });
  persons.push({
    name: "share link",
    token: shared.body.accessToken,
    permissions: ["view"],
    reaches: [hers],
  });
}, 300_000);

afterAll(() => stack.stop());

describe("every route, for every role and reach", () => {
  test("stands in this table, and the table holds no other", () => {
    expect(Object.keys(AUDITED_ROUTES).sort()).toEqual(Object.keys(API).sort());
  });

  test("is described with what it asks for", () => {
    const described = Object.keys(API).map((route) => [route, DESCRIBED[route]?.needs]);
    const asked = Object.entries(API).map(([route, { needs }]) => [route, needs]);
    expect(Object.fromEntries(described)).toEqual({
      ...(Object.fromEntries(asked) as object),
      // Takes a token, and refuses each that is not of a link.
      "POST /api/share-links/renewal": "a token",
    });
  });

  test("of the REST API opens to just those who may", async () => {
    const wrong: string[] = [];
    for (const [route, access] of Object.entries(API)) {
      for (const image of access.about === "study" ? [hers, his] : [hers]) {
        const [method = "", pattern = ""] = route.split(" ");
        const path = pattern
          .replace(":studyInstanceUid", image.studyInstanceUid)
          .replace(":kind", "rendition")
          .replace(/:\w+/g, "999999");
        for (const person of persons) {
          const passes = await isLetIn(method, path, person.token);
          if (passes !== may(person, access, image))
            wrong.push(`${person.name}: ${method} ${path} ${passes ? "passes" : "is refused"}`);
        }
        const anonymous = (await people.call(undefined, method, path, bodyFor(method))).status;
        if ((anonymous === 401) !== (access.needs !== "nothing") && access.needs !== "nothing")
          wrong.push(`nobody: ${method} ${path} gets ${anonymous}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 600_000);

  test("of DICOMweb opens to just those who may", async () => {
    const wrong: string[] = [];
    for (const [transaction, routes] of Object.entries(DICOMWEB)) {
      for (const access of routes) {
        for (const image of access.about === "study" ? [hers, his] : [hers]) {
          const path = access.path(image);
          for (const person of persons) {
            const passes = await isLetIn("GET", path, person.token);
            if (passes !== may(person, access, image))
              wrong.push(`${person.name}: ${transaction} ${path} ${passes ? "passes" : "is refused"}`);
          }
          const anonymous = (await people.call(undefined, "GET", path)).status;
          if (anonymous !== 401) wrong.push(`nobody: ${path} gets ${anonymous}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 600_000);

  test("of the archive takes an upload only from those who may add to that study", async () => {
    const wrong: string[] = [];
    for (const image of [hers, his]) {
      for (const person of persons) {
        const { status } = await upload(image, person.token);
        const passes = status === 200 || status === 202;
        if (passes !== may(person, { needs: "upload", about: "study" }, image))
          wrong.push(`${person.name}: ${image === hers ? "hers" : "his"} gets ${status}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 300_000);

  test("of Orthanc's own interface opens to administrators who reach everything", async () => {
    for (const person of persons)
      expect(await isLetIn("GET", "/orthanc/system", person.token), person.name).toBe(
        may(person, { needs: "administer-archive", about: "all" }, hers),
      );
  });
});

function may({ permissions, reaches }: Person, { needs, about }: Access, image: Image): boolean {
  if (needs === "nothing" || needs === "a token") return true;
  if (!permissions.includes(needs)) return false;
  if (about === "all") return reaches === "all";
  return about !== "study" || reaches === "all" || reaches.includes(image);
}

/** Let in is who is not refused for who they are: an empty body or an unknown number is another matter. */
async function isLetIn(method: string, path: string, token: string): Promise<boolean> {
  const { status, body } = await people.call(token, method, path, bodyFor(method));
  if (status === 429) {
    // nginx lets an address ask 300 times a second (nginx/limits.conf): asked again, it is answered.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return isLetIn(method, path, token);
  }
  if (status === 403) return false;
  if (status === 404 && body["code"] === "study-not-found") return false;
  if (status === 401)
    return (
      body["code"] !== "token-invalid" && body["code"] !== "token-missing" && body["code"] !== "token-expired"
    );
  return status < 500;
}

/** nginx refuses a body where nothing is sent. */
function bodyFor(method: string): object | undefined {
  return method === "GET" || method === "DELETE" ? undefined : {};
}

function seriesPath(image: Image): string {
  return `${studyPath(image)}/series/${image.seriesInstanceUid}`;
}

function upload(image: Image, token: string): Promise<Response> {
  const boundary = "matrix-boundary";
  const body = Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`),
    Buffer.from(image.bytes),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return fetch(`${stack.local.address}/dicom-web/studies`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: "application/dicom+json",
      "Content-Type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
    },
    body,
  });
}
