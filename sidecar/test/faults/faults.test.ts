import type { DiagnosticReport, ImagingStudy } from "fhir/r4.js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { sendLikeAModality } from "../stack/modality.js";
import { RunningStack } from "../stack/running-stack.js";

const INSTANCES = 200;
/** The process dies when this many of the instances have been sent. */
const KILLED_AFTER = 80;

interface Details {
  readonly analysis: string;
  readonly instanceCount: number;
  readonly rendition: {
    readonly pending: number;
    readonly rendered: number;
    readonly notRenderable: number;
    readonly failed: number;
    readonly dropped: number;
  };
  readonly fhir: { readonly state: string };
  readonly series: { readonly modality: string; readonly instanceCount: number; readonly state: string }[];
}

let stack: RunningStack;
let events: EventRecorder;
let seed = 100;

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [["api"], ["transcoding"], ["inference"], ["delivery"]],
  });
});

afterEach(() => {
  events.close();
});

afterAll(async () => {
  await stack.stop();
});

describe("killed with SIGKILL in the middle of a 200-instance ingest", () => {
  test.each([
    "sidecar-api",
    "sidecar-transcoding",
    "sidecar-inference",
    "sidecar-delivery",
    "redis",
    "mariadb",
    "orthanc",
    "fhir",
  ])(
    "%s comes back, and every instance ends rendered, with one SEG, one SR and one DiagnosticReport",
    async (victim) => {
      events = await stack.events();
      const files = createDemoStudy({
        seed: ++seed,
        slices: INSTANCES,
        rows: 64,
        columns: 64,
        patient: { name: `Fault^${victim}`, id: `FAULT-${victim}`, birthDate: "19700101", sex: "O" },
      });
      const study = files[0]?.studyInstanceUid ?? "";
      const target = stack.local.processes[victim];
      if (target === undefined) throw new Error(`there is no process ${victim}`);

      await sendLikeAModality(stack, files.slice(0, KILLED_AFTER));
      target.kill("SIGKILL");
      await sendLikeAModality(stack, files.slice(KILLED_AFTER));

      await converged(study);
      const details = await stack.json<Details>(`/api/studies/${study}`);
      expect(details.rendition).toEqual({
        pending: 0,
        rendered: INSTANCES,
        notRenderable: 2,
        failed: 0,
        dropped: 0,
      });
      expect(details.series.map(({ modality, instanceCount }) => [modality, instanceCount]).sort()).toEqual([
        ["MR", INSTANCES],
        ["SEG", 1],
        ["SR", 1],
      ]);
      const inOrthanc = await stack.orthancJson<unknown[]>("/tools/find", {
        method: "POST",
        body: JSON.stringify({ Level: "Instance", Query: { StudyInstanceUID: study } }),
      });
      expect(inOrthanc).toHaveLength(INSTANCES + 2);
      const studies = await stack.fhir<ImagingStudy>(
        `ImagingStudy?identifier=${encodeURIComponent(`urn:dicom:uid|urn:oid:${study}`)}`,
      );
      expect(studies.map(({ numberOfInstances }) => numberOfInstances)).toEqual([INSTANCES + 2]);
      const reports = await stack.fhir<DiagnosticReport>("DiagnosticReport?_count=1000");
      expect(
        reports.filter(
          ({ imagingStudy }) => imagingStudy?.[0]?.reference === `ImagingStudy/${studies[0]?.id ?? ""}`,
        ),
      ).toHaveLength(1);
      const { failures } = await stack.json<{ failures: unknown[] }>("/api/failures");
      expect(failures).toEqual([]);
      expect(target.restarts).toBeGreaterThan(0);
      await expectEveryRendition(study);
    },
  );

  test("all queues are empty in the end: no job is stuck", async () => {
    events = await stack.events();
    const metrics = await (
      await fetch(`http://127.0.0.1:${stack.local.ports.sidecar[0] ?? 0}/metrics`)
    ).text();
    const depths = [...metrics.matchAll(/^neuronova_queue_jobs\{.*\} (\d+)$/gm)].map(([, depth]) =>
      Number(depth),
    );
    expect(depths.length).toBeGreaterThan(0);
    expect(depths.reduce((sum, depth) => sum + depth, 0)).toBe(0);
  });
});

/** Waits until the study says that nothing is left to do, looking again whenever an event tells of a change. */
async function converged(study: string): Promise<void> {
  const deadline = Date.now() + 150_000;
  for (let seen = -1; ; seen = events.events.length) {
    const details = await stack.json<Details>(`/api/studies/${study}`).catch(() => undefined);
    const done =
      details !== undefined &&
      details.instanceCount === INSTANCES + 2 &&
      details.rendition.pending === 0 &&
      details.analysis === "succeeded" &&
      details.fhir.state === "synchronised" &&
      details.series.every(({ state }) => state === "stable");
    if (done) return;
    if (Date.now() > deadline)
      throw new Error(
        `not converged: ${JSON.stringify({ ...details, series: details?.series.map(({ modality, instanceCount, state }) => [modality, instanceCount, state]) })}`,
      );
    // An event, or a second: whoever tells may be the one who died.
    await events.until("change", (heard) => heard.length !== seen, 1).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function expectEveryRendition(study: string): Promise<void> {
  const instances = await stack.orthancJson<string[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({
      Level: "Instance",
      Query: { StudyInstanceUID: study, ModalitiesInStudy: "", Modality: "MR" },
    }),
  });
  expect(instances).toHaveLength(INSTANCES);
  for (const instance of instances) {
    const attachments = await stack.orthancJson<string[]>(`/instances/${instance}/attachments`);
    expect(attachments).toContain("htj2k");
  }
}
