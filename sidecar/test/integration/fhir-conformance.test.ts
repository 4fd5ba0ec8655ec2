import type { FhirResource, Patient } from "fhir/r4.js";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GENESIS_HASH, sealAll } from "../../src/audit/chain.js";
import { AuditDestination } from "../../src/fhir/audit-destination.js";
import { FhirDestination, type SubjectKind } from "../../src/fhir/fhir-destination.js";
import { auditRow } from "../fhir/audit-row.js";
import { ClinicalRecords } from "../fhir/clinical-records.js";
import { hapiUnavailable, startEmbedded, startHapi, type FhirServerProcess } from "../fhir/fhir-servers.js";
import { ImagingRecords } from "../fhir/imaging-records.js";
import { content, RecordedServer, type WrittenResource } from "../fhir/recorded-server.js";
import { StatusTable } from "../fhir/status-table.js";

const withoutHapi = hapiUnavailable();
if (withoutHapi !== undefined)
  process.stderr.write(
    `!! NOT RUN: FHIR conformance on a real HAPI server. This machine has none: ${withoutHapi}\n`,
  );

const SERVERS: [name: string, start: () => Promise<FhirServerProcess>][] = [
  ["embedded", startEmbedded],
  ...(withoutHapi === undefined ? [["HAPI", startHapi] as [string, typeof startHapi]] : []),
];
const table = new StatusTable(SERVERS.map(([name]) => name));

describe.each(SERVERS)("what is written to the %s FHIR server", (name, start) => {
  let running: FhirServerProcess;
  let server: RecordedServer;
  let records: ClinicalRecords;
  let images: ImagingRecords;
  let destination: FhirDestination;

  beforeAll(async () => {
    running = await start();
    server = new RecordedServer(running.url);
    records = new ClinicalRecords();
    images = new ImagingRecords();
    destination = new FhirDestination(server, {
      read: images,
      emr: records,
      modelTitle: () => "Brain lesion segmentation",
      publicUrl: "https://imaging.example.org",
    });
  });

  afterAll(() => running.stop());

  const everything = (): { kind: SubjectKind; subject: string }[] => [
    ...records.patients.map(({ id }) => ({ kind: "patient" as const, subject: id })),
    ...records.encounters.map(({ id }) => ({ kind: "encounter" as const, subject: id })),
    ...records.conditions.map(({ id }) => ({ kind: "condition" as const, subject: id })),
    ...records.orders.map(({ id }) => ({ kind: "order" as const, subject: id })),
    ...records.observations.map(({ id }) => ({ kind: "observation" as const, subject: id })),
    ...records.reports.map(({ id }) => ({ kind: "report" as const, subject: id })),
    { kind: "study", subject: images.studyId },
    { kind: "analysis", subject: "9" },
  ];
  const write = async (subjects = everything()) => {
    await destination.write(subjects);
    return server.lastWritten();
  };
  const versions = (written: readonly WrittenResource[]) =>
    written.map(({ held }) => `${held.resourceType}/${held.id ?? ""}/${held.meta?.versionId ?? ""}`);
  const search = <T extends FhirResource>(type: T["resourceType"]) => server.search(type, {}) as Promise<T[]>;

  test("each resource is created, and read back it is field by field what was sent", async () => {
    const written = await write();
    for (const { sent, held } of written) {
      expect(content(held)).toEqual(content(sent));
      table.passed(name, held.resourceType, "created");
      table.passed(name, held.resourceType, "read back");
    }
    expect([...new Set(written.map(({ held }) => held.resourceType))].sort()).toEqual([
      "Condition",
      "Device",
      "DiagnosticReport",
      "Encounter",
      "Endpoint",
      "ImagingStudy",
      "MedicationRequest",
      "Observation",
      "Patient",
      "Practitioner",
      "Procedure",
      "ServiceRequest",
    ]);
  });

  test("each is valid by the server's own validator, where it has one", async () => {
    for (const { held } of await write()) {
      const errors = await server.validate(held);
      if (errors === undefined) continue;
      expect(errors, held.resourceType).toEqual([]);
      table.passed(name, held.resourceType, "$validate");
    }
  });

  test("writing the same again makes neither a resource nor a version", async () => {
    const before = versions(await write());
    expect(versions(await write())).toEqual(before);
  });

  test("a change reaches the same resource", async () => {
    const before = new Map(
      (await write()).map(({ held }) => [`${held.resourceType}/${held.id ?? ""}`, held]),
    );
    const note = "Seen again";
    records.change(records.patients, 0, { phone: "+82 2 765 4321" });
    records.change(records.encounters, 0, { status: "finished", endAt: "2026-03-04T10:00:00+09:00" });
    records.change(records.conditions, 0, { clinicalStatus: "resolved", abatementDate: "2026-03-09" });
    for (const index of records.orders.keys()) records.change(records.orders, index, { note });
    for (const index of records.observations.keys())
      records.change(records.observations, index, { status: "corrected", note });
    records.change(records.reports, 0, { status: "amended", conclusion: "Small infarct." });
    records.rename("Dr. Kim Minji");
    images.change({ studyDescription: "MR Brain and neck" });
    images.changeVolume(2.5);
    const after = await write();
    for (const { sent, held } of after) {
      const earlier = before.get(`${held.resourceType}/${held.id ?? ""}`);
      expect(earlier, held.resourceType).toBeDefined();
      expect(content(held)).toEqual(content(sent));
      if (earlier?.meta?.versionId !== held.meta?.versionId) table.passed(name, held.resourceType, "updated");
    }
    expect(after).toHaveLength(before.size);
    const changed = after.filter(
      ({ held }) =>
        before.get(`${held.resourceType}/${held.id ?? ""}`)?.meta?.versionId !== held.meta?.versionId,
    );
    expect(new Set(changed.map(({ held }) => held.resourceType)).size).toBe(10);
  });

  test("a result that somebody accepted is final, its report names who answers, and all of it is valid", async () => {
    images.accept();
    const written = await write([{ kind: "analysis", subject: "9" }]);
    for (const { sent, held } of written) {
      expect(content(held)).toEqual(content(sent));
      expect((await server.validate(held)) ?? []).toEqual([]);
    }
    const results = written
      .map(({ held }) => held)
      .filter(({ resourceType }) => resourceType === "Observation");
    // Volume, diameter and intensity of one segment, the volume of the other, and the score.
    expect(statuses(results)).toEqual(Array(5).fill("final"));
    const reports = written
      .map(({ held }) => held)
      .filter(({ resourceType }) => resourceType === "DiagnosticReport");
    expect(reports).toMatchObject([
      { status: "final", resultsInterpreter: [{ reference: expect.any(String) as string }] },
    ]);
  });

  test("a drug taken off a prescription and a finding that is not there any more are entered in error", async () => {
    records.dropItem(0, 1);
    images.dropSegment();
    await write();
    const requests = await search("MedicationRequest");
    expect(statuses(requests)).toEqual(["active", "entered-in-error"]);
    const measured = await server.search("Observation", {
      identifier: "urn:neuronova:analysis-number|9",
    });
    expect(statuses(measured)).toEqual(["entered-in-error", ...Array<string>(4).fill("final")]);
    table.passed(name, "MedicationRequest", "withdrawn");
  });

  test("a record entered in error is so in FHIR, and is valid", async () => {
    const wrong = { status: "entered-in-error" } as const;
    records.change(records.encounters, 0, wrong);
    records.change(records.conditions, 0, { verificationStatus: "entered-in-error" });
    for (const index of records.orders.keys()) records.change(records.orders, index, wrong);
    for (const index of records.observations.keys()) records.change(records.observations, index, wrong);
    records.change(records.reports, 0, wrong);
    for (const { sent, held } of await write()) {
      expect(content(held)).toEqual(content(sent));
      expect((await server.validate(held)) ?? []).toEqual([]);
    }
    expect(statuses(await search("Encounter"))).toEqual(["entered-in-error"]);
    expect(statuses(await search("ServiceRequest"))).toEqual(Array(3).fill("entered-in-error"));
    expect(statuses(await search("Procedure"))).toEqual(["entered-in-error"]);
    const [condition] = await search("Condition");
    expect(condition).toMatchObject({ verificationStatus: { coding: [{ code: "entered-in-error" }] } });
    for (const type of ["Encounter", "ServiceRequest", "Procedure", "Condition"])
      table.passed(name, type, "withdrawn");
  });

  test("a study that the archive has no more is cancelled, and what a model said of it is entered in error", async () => {
    const subjects = everything().filter(({ kind }) => kind === "study" || kind === "analysis");
    images.forget();
    await destination.write(subjects);
    const [study] = await search("ImagingStudy");
    // However much of it was told last: the archive may forget it image by image.
    expect(study).toMatchObject({ status: "cancelled", numberOfSeries: 0, numberOfInstances: 0 });
    expect(study).not.toHaveProperty("series");
    expect(study).not.toHaveProperty("endpoint");
    expect(statuses(await search("DiagnosticReport"))).toEqual(["entered-in-error", "entered-in-error"]);
    expect(new Set(statuses(await search("Observation")))).toEqual(new Set(["entered-in-error"]));
    for (const type of ["ImagingStudy", "DiagnosticReport", "Observation"])
      table.passed(name, type, "withdrawn");
    const before = versions(await server.lastWritten());
    // Delivered twice: nothing is left to be changed.
    await destination.write(subjects);
    expect(versions(await server.lastWritten())).toEqual(before);
  });

  test("a merged patient is not active and points to the one that replaces it, and back after unmerging", async () => {
    const [survivor, merged] = records.patients;
    records.change(records.patients, 1, { mergedInto: survivor?.id ?? "" });
    await write([{ kind: "patient", subject: merged?.id ?? "" }]);
    const patients = await search<Patient>("Patient");
    const idOf = (value: string) =>
      patients.find(({ identifier }) => identifier?.some((one) => one.value === value))?.id ?? "";
    const [one, two] = [idOf("MRN-1"), idOf("MRN-2")];
    expect(await server.read("Patient", two)).toMatchObject({
      active: false,
      link: [{ other: { reference: `Patient/${one}` }, type: "replaced-by" }],
    });
    expect(await server.read("Patient", one)).toMatchObject({
      active: true,
      link: [{ other: { reference: `Patient/${two}` }, type: "replaces" }],
    });
    for (const id of [one, two]) {
      const held = (await server.read("Patient", id)) as FhirResource;
      expect((await server.validate(held)) ?? []).toEqual([]);
    }
    table.passed(name, "Patient", "withdrawn");
    records.change(records.patients, 1, { mergedInto: null });
    await write(records.patients.map(({ id }) => ({ kind: "patient" as const, subject: id })));
    for (const id of [one, two]) {
      const unmerged = await server.read("Patient", id);
      expect(unmerged).toMatchObject({ active: true });
      expect(unmerged).not.toHaveProperty("link");
    }
  });

  test("an audit row is one AuditEvent, however often it is delivered", async () => {
    const sealed = sealAll([auditRow], { sequence: 0, hash: GENESIS_HASH }, new Date(0));
    const audit = new AuditDestination(
      server,
      { between: () => Promise.resolve(sealed) },
      "imaging.example.org",
    );
    await audit.write("1-1");
    const [written] = await server.lastWritten();
    if (written === undefined) throw new Error("no AuditEvent was written");
    const { sent, held } = written;
    expect(content(held)).toEqual(content(sent));
    table.passed(name, "AuditEvent", "created");
    table.passed(name, "AuditEvent", "read back");
    const errors = await server.validate(held);
    if (errors !== undefined) {
      expect(errors).toEqual([]);
      table.passed(name, "AuditEvent", "$validate");
    }
    await audit.write("1-1");
    expect(await search("AuditEvent")).toHaveLength(1);
  });
});

test("docs/fhir.md says what this run has shown", () => {
  const artifacts = new URL("../../../test-artifacts/", import.meta.url);
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(new URL("fhir-status.md", artifacts), table.markdown());
  const page = readFileSync(new URL("../../../docs/fhir.md", import.meta.url), "utf8");
  expect(table.differencesTo(page)).toEqual([]);
});

function statuses(resources: readonly FhirResource[]): string[] {
  return resources.map((resource) => (resource as { readonly status?: string }).status ?? "").sort();
}
