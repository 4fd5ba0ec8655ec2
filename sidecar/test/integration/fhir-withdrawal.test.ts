import type { Device, DiagnosticReport, Endpoint, ImagingStudy, Observation } from "fhir/r4.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { hapiUnavailable, startHapi, type FhirServerProcess } from "../fhir/fhir-servers.js";
import { RecordedServer } from "../fhir/recorded-server.js";
import { RunningStack } from "../stack/running-stack.js";

/** Undefined: the server that comes with the stack. */
const SERVERS: [name: string, start: (() => Promise<FhirServerProcess>) | undefined][] = [
  ["embedded", undefined],
  ...(hapiUnavailable() === undefined ? [["HAPI", startHapi] as [string, typeof startHapi]] : []),
];

describe.each(SERVERS)("a study, from Orthanc to the %s FHIR server", (_name, start) => {
  const files = createDemoStudy({
    seed: 5,
    slices: 40,
    rows: 64,
    columns: 64,
    patient: { name: "Gone^Study", id: "GONE-1", birthDate: "19700101", sex: "O" },
  });
  const studyInstanceUid = files[0]?.studyInstanceUid ?? "";
  let other: FhirServerProcess | undefined;
  let stack: RunningStack;
  let events: EventRecorder;
  let server: RecordedServer;

  beforeAll(async () => {
    other = await start?.();
    stack = await RunningStack.start({
      settings: {
        NEURONOVA_STABLE_AFTER_SECONDS: "0.5",
        // Orthanc's change log does not tell of what was deleted: the sweep finds it.
        NEURONOVA_SWEEP_SECONDS: "1",
        ...(other === undefined ? {} : { NEURONOVA_FHIR_URL: other.url }),
      },
    });
    events = await stack.events();
    server = new RecordedServer(other?.url ?? stack.local.fhirUrl);
  });

  afterAll(async () => {
    events.close();
    await stack.stop();
    await other?.stop();
  });

  const only = async <T>(type: string): Promise<T> => {
    const [first, ...others] = await server.search(type, {});
    expect(others).toEqual([]);
    return first as T;
  };
  const all = async <T>(type: string): Promise<T[]> => (await server.search(type, {})) as T[];
  const synchronised = () => events.of("study.synchronised", studyInstanceUid).length;

  test("is an ImagingStudy with an Endpoint, and a report with its model as a Device", async () => {
    await stack.storeOverDicom(files);
    await events.until("the analysis", () => events.of("analysis.succeeded", studyInstanceUid).length > 0);
    let study: ImagingStudy | undefined;
    let report: DiagnosticReport | undefined;
    // The images, the SEG and the SR: three series; each settles by itself.
    for (let heard = 0; study?.numberOfSeries !== 3 || report === undefined; heard = synchronised()) {
      const since = heard;
      await events.until("the study is synchronised", () => synchronised() > since, 60);
      study = (await server.search("ImagingStudy", {}))[0] as ImagingStudy | undefined;
      report = (await server.search("DiagnosticReport", {}))[0] as DiagnosticReport | undefined;
    }
    const endpoint = await only<Endpoint>("Endpoint");
    expect(study.endpoint).toEqual([{ reference: `Endpoint/${endpoint.id ?? ""}` }]);
    expect(endpoint).toMatchObject({
      address: `${stack.local.address}/dicom-web`,
      connectionType: { code: "dicom-wado-rs" },
    });
    const device = await only<Device>("Device");
    const observations = await all<Observation>("Observation");
    // Volume, longest diameter and mean intensity.
    expect(observations.map((observation) => observation.device)).toEqual(
      Array.from({ length: 3 }, () => ({ reference: `Device/${device.id ?? ""}` })),
    );
    expect(report).toMatchObject({
      status: "preliminary",
      imagingStudy: [{ reference: `ImagingStudy/${study.id ?? ""}` }],
    });
    expect(report.result?.map(({ reference }) => reference).sort()).toEqual(
      observations.map(({ id }) => `Observation/${id ?? ""}`).sort(),
    );
  });

  test("deleted from Orthanc, it is cancelled, and what the model said of it is entered in error", async () => {
    const found = await stack.orthancJson<{ ID: string; Type: string }[]>("/tools/lookup", {
      method: "POST",
      body: studyInstanceUid,
    });
    const id = found.find(({ Type }) => Type === "Study")?.ID ?? "";
    const before = (await only<ImagingStudy>("ImagingStudy")).meta?.versionId;
    await stack.orthanc(`/studies/${id}`, { method: "DELETE" });
    await server.until("ImagingStudy", ({ status }: ImagingStudy) => status === "cancelled");
    const study = await only<ImagingStudy>("ImagingStudy");
    expect(study.meta?.versionId).not.toBe(before);
    expect(study).not.toHaveProperty("endpoint");
    await server.until("DiagnosticReport", ({ status }: DiagnosticReport) => status === "entered-in-error");
    expect((await all<Observation>("Observation")).map(({ status }) => status)).toEqual(
      Array.from({ length: 3 }, () => "entered-in-error"),
    );
  });

  test("sent again, it is available again: the same resources", async () => {
    const study = await only<ImagingStudy>("ImagingStudy");
    const report = await only<DiagnosticReport>("DiagnosticReport");
    expect([study.status, report.status]).toEqual(["cancelled", "entered-in-error"]);
    await stack.storeOverDicom(files);
    await server.until("DiagnosticReport", ({ status }: DiagnosticReport) => status === "preliminary");
    expect((await only<ImagingStudy>("ImagingStudy")).id).toBe(study.id);
    expect((await only<ImagingStudy>("ImagingStudy")).status).toBe("available");
    expect((await only<DiagnosticReport>("DiagnosticReport")).id).toBe(report.id);
  });
});
