import type { Bundle, OperationOutcome, Patient } from "@medplum/fhirtypes";
import { appendFile, mkdtemp } from "node:fs/promises";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FhirApi } from "./fhir-api.js";
import { createFhirServer } from "./http-server.js";
import type { Journal } from "./journal.js";
import { openRepository } from "./open-repository.js";

let directory: string;
let server: Server;
let journal: Journal;
let base: string;

async function start(): Promise<void> {
  const opened = await openRepository(directory);
  journal = opened.journal;
  server = createFhirServer(new FhirApi(opened.repository, journal));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir/R4`;
}

/** As after kill -9: nothing is flushed, nothing is said goodbye to. */
async function restart(): Promise<void> {
  server.closeAllConnections();
  server.close();
  await journal.close();
  await start();
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "fhir-"));
  await start();
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await journal.close();
});

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what it asked for
async function send<T>(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: T; headers: Headers }> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { "Content-Type": "application/fhir+json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as T };
}

const patient = (family = "Hong"): Patient => ({
  resourceType: "Patient",
  identifier: [{ system: "urn:test", value: "1" }],
  name: [{ family }],
});
const WHERE = `?identifier=${encodeURIComponent("urn:test|1")}`;

describe("the embedded FHIR server", () => {
  test("updates conditionally: the same identifier is one resource with versions", async () => {
    const first = await send<Patient>("PUT", `/Patient${WHERE}`, patient());
    const second = await send<Patient>("PUT", `/Patient${WHERE}`, patient("Kim"));
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.id).toBe(first.body.id);
    expect(second.body.meta?.versionId).not.toBe(first.body.meta?.versionId);
    const found = await send<Bundle<Patient>>("GET", `/Patient${WHERE}`);
    expect(found.body.entry?.map(({ resource }) => resource?.name?.[0]?.family)).toEqual(["Kim"]);
  });

  test("an update to what is there already makes no version", async () => {
    const first = await send<Patient>("PUT", `/Patient${WHERE}`, patient());
    const second = await send<Patient>("PUT", `/Patient${WHERE}`, patient());
    expect(second.body).toEqual(first.body);
    expect((await send<Patient>("PUT", `/Patient${WHERE}`, patient("Kim"))).body.meta?.versionId).not.toBe(
      first.body.meta?.versionId,
    );
    const history = await send<Bundle>("GET", `/Patient/${first.body.id ?? ""}/_history`);
    expect(history.body.entry).toHaveLength(2);
  });

  test("twenty simultaneous conditional updates make one resource", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send<Patient>("PUT", `/Patient${WHERE}`, patient())),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  test("runs a transaction of conditional updates and resolves its references, the second time too", async () => {
    const bundle: Bundle = {
      resourceType: "Bundle",
      type: "transaction",
      entry: [
        {
          fullUrl: "urn:uuid:3fdc72f4-0000-4000-8000-000000000001",
          resource: patient(),
          request: { method: "PUT", url: `Patient${WHERE}` },
        },
        {
          fullUrl: "urn:uuid:3fdc72f4-0000-4000-8000-000000000002",
          resource: {
            resourceType: "ImagingStudy",
            status: "available",
            identifier: [{ system: "urn:dicom:uid", value: "urn:oid:1.2.3" }],
            subject: { reference: "urn:uuid:3fdc72f4-0000-4000-8000-000000000001" },
          },
          request: {
            method: "PUT",
            url: `ImagingStudy?identifier=${encodeURIComponent("urn:dicom:uid|urn:oid:1.2.3")}`,
          },
        },
      ],
    };
    for (let repetition = 0; repetition < 2; repetition += 1) {
      const { status, body } = await send<Bundle>("POST", "", bundle);
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.entry?.map(({ response }) => response?.location?.split("/")[0])).toEqual([
        "Patient",
        "ImagingStudy",
      ]);
    }
    const patients = await send<Bundle<Patient>>("GET", "/Patient");
    const studies = await send<Bundle>("GET", "/ImagingStudy");
    expect([patients.body.entry?.length, studies.body.entry?.length]).toEqual([1, 1]);
    expect(studies.body.entry?.[0]?.resource).toMatchObject({
      subject: { reference: `Patient/${patients.body.entry?.[0]?.resource?.id ?? ""}` },
    });
  });

  test("refuses what is no valid resource, alone and in a transaction, and keeps nothing of it", async () => {
    const invalid = { ...patient(), colour: "blue" };
    const alone = await send<OperationOutcome>("POST", "/Patient", invalid);
    expect(alone.status).toBeGreaterThanOrEqual(400);
    expect(alone.body.resourceType).toBe("OperationOutcome");
    const bundle = {
      resourceType: "Bundle",
      type: "transaction",
      entry: [
        { resource: patient(), request: { method: "POST", url: "Patient" } },
        { resource: invalid, request: { method: "POST", url: "Patient" } },
      ],
    };
    expect((await send<OperationOutcome>("POST", "", bundle)).status).toBeGreaterThanOrEqual(400);
    expect((await send<Bundle>("GET", "/Patient")).body.entry ?? []).toEqual([]);
    expect((await fetch(`${base}/Patient`, { method: "POST", body: "{" })).status).toBe(400);
  });

  test("keeps its content over a restart, also when the last line was cut off", async () => {
    const { body } = await send<Patient>("PUT", `/Patient${WHERE}`, patient());
    await appendFile(join(directory, "resources.journal"), '[{"resource":{"resourceTy');
    await restart();
    expect((await send<Patient>("GET", `/Patient/${body.id ?? ""}`)).body).toEqual(body);
    expect((await send<Patient>("PUT", `/Patient${WHERE}`, patient("Kim"))).body.id).toBe(body.id);
    await restart();
    expect((await send<Patient>("GET", `/Patient/${body.id ?? ""}`)).body.name?.[0]?.family).toBe("Kim");
  });

  test("a deleted resource is gone, an unknown one not found, an unknown search parameter refused", async () => {
    const { body } = await send<Patient>("POST", "/Patient", patient());
    await fetch(`${base}/Patient/${body.id ?? ""}`, { method: "DELETE" });
    expect((await send("GET", `/Patient/${body.id ?? ""}`)).status).toBe(410);
    expect((await send("GET", "/Patient/never")).status).toBe(404);
    expect((await send("GET", "/Patient?identifer=1")).status).toBe(400);
  });

  test("says what it can do", async () => {
    const { status, body } = await send<{ fhirVersion: string }>("GET", "/metadata");
    expect([status, body.fhirVersion]).toEqual([200, "4.0.1"]);
  });
});

describe("a search by identifier", () => {
  const search = (identifier: string) =>
    send<Bundle>("GET", `/Patient?identifier=${encodeURIComponent(identifier)}`);
  const patient = (value: string) => ({
    resourceType: "Patient" as const,
    identifier: [{ system: "urn:test", value }],
  });

  test("finds what has it now, not what had it before or was deleted, after a restart too", async () => {
    const { body } = await send<Patient>("POST", "/Patient", patient("A"));
    await send("POST", "/Patient", patient("B"));
    await send("PUT", `/Patient/${body.id ?? ""}`, { ...patient("C"), id: body.id });
    for (const round of ["before", "after a restart"]) {
      expect((await search("urn:test|A")).body.entry, round).toBeUndefined();
      expect((await search("urn:test|B")).body.entry, round).toHaveLength(1);
      expect((await search("urn:test|C")).body.entry?.[0]?.resource?.id, round).toBe(body.id);
      if (round === "before") await restart();
    }
    await send("DELETE", `/Patient/${body.id ?? ""}`);
    expect((await search("urn:test|C")).body.entry).toBeUndefined();
    expect((await search("C")).body.entry).toBeUndefined();
    expect((await search("B")).body.entry).toHaveLength(1);
  });
});
