import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { emrPeople } from "../stack/emr-client.js";
import { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";

const EVERY_ROLE = ["api", "transcoding", "inference", "delivery"];
const PROCESSES = ["sidecar", "sidecar-2"];
const STUDIES = 6;
const SLICES = 8;
const HTJ2K = "multipart/related; type=application/octet-stream; transfer-syntax=*";

let stack: RunningStack;
/** One at each process, past nginx. */
let recorders: EventRecorder[];
const studies = Array.from({ length: STUDIES }, (_, index) =>
  createDemoStudy({
    seed: 500 + index,
    slices: SLICES,
    rows: 64,
    columns: 64,
    patient: { name: `Two^${index}`, id: `TWO-${index}`, birthDate: "19800101", sex: "F" },
  }),
);

beforeAll(async () => {
  stack = await RunningStack.start({
    sidecarProcesses: [EVERY_ROLE, EVERY_ROLE],
    // Six studies at once: an image that comes a second after the one before it would be a second analysis of its series.
    settings: { NEURONOVA_STABLE_AFTER_SECONDS: "5" },
  });
  recorders = await Promise.all(
    stack.local.ports.sidecar.map((port) =>
      EventRecorder.connect(`http://127.0.0.1:${port}`, () => stack.token()),
    ),
  );
  await Promise.all(studies.map((files) => stack.storeOverWeb(files.map(({ bytes }) => bytes))));
  for (const recorder of recorders)
    await recorder.until(
      "renditions, analyses and what is made of them",
      () =>
        recorder.of("instance.rendered").length >= STUDIES * SLICES &&
        recorder.of("analysis.succeeded").length === STUDIES &&
        studies.every(([file]) => recorder.of("study.synchronised", file?.studyInstanceUid).length > 0),
      150,
    );
}, 300_000);

afterAll(async () => {
  for (const recorder of recorders) recorder.close();
  await stack.stop();
});

/** How often a process finished a step. */
async function steps(port: number, step: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counts = text.matchAll(/^neuronova_step_seconds_count\{(.*)\} (\d+)$/gm);
  return [...counts]
    .filter(([, labels]) => labels?.includes(`step="${step}"`))
    .reduce((sum, [, , count]) => sum + Number(count), 0);
}

describe("two processes with every role each", () => {
  test.each(["transcode-instance", "run-analysis"])("share the work: each did some of %s", async (step) => {
    for (const port of stack.local.ports.sidecar) expect(await steps(port, step)).toBeGreaterThan(0);
  });

  test("tell the same events in the same order, whichever of them a client listens to", () => {
    const [one = [], other = []] = recorders.map(({ events }) => events.map(({ sequence }) => sequence));
    const length = Math.min(one.length, other.length);
    expect(one.slice(0, length)).toEqual(other.slice(0, length));
    expect(length).toBeGreaterThan(STUDIES * SLICES * 2);
  });

  test("make each rendition and each result once", async () => {
    for (const recorder of recorders) {
      const rendered = recorder.of("instance.rendered").map(({ sopInstanceUid }) => sopInstanceUid);
      for (const { sopInstanceUid } of studies.flat())
        expect(rendered.filter((uid) => uid === sopInstanceUid)).toHaveLength(1);
    }
    for (const [file] of studies) {
      const found = await stack.json<unknown[]>(
        `/dicom-web/studies/${file?.studyInstanceUid ?? ""}/series?Modality=SEG`,
      );
      expect(found).toHaveLength(1);
    }
    const reports = await stack.fhir("DiagnosticReport?_count=100");
    expect(reports).toHaveLength(STUDIES);
  });
});

describe("while each of them is restarted in its turn", () => {
  test("no request through nginx fails, reading or writing, and events go on", async () => {
    const [[file] = []] = studies;
    const study = `/dicom-web/studies/${file?.studyInstanceUid ?? ""}`;
    const instance = `${study}/series/${file?.seriesInstanceUid ?? ""}/instances/${file?.sopInstanceUid ?? ""}`;
    const doctor = (await emrPeople(stack))("doctor");
    const failures: string[] = [];
    const answered = { reads: 0, writes: 0 };
    let over = false;
    const read = async (path: string, headers: Record<string, string> = {}) => {
      while (!over) {
        const told = await stack.fetch(path, { headers }).then(
          async (response) => {
            await response.arrayBuffer();
            return response.ok ? undefined : `${response.status}`;
          },
          (error: unknown) => String(error),
        );
        if (told !== undefined) failures.push(`${path}: ${told}`);
        answered.reads += 1;
      }
    };
    const write = async () => {
      while (!over) {
        await doctor
          .patient({ birthDate: "1980-02-29", sex: "male" })
          .catch((error: unknown) => failures.push(`POST: ${String(error)}`));
        answered.writes += 1;
      }
    };
    const asking = [
      read("/dicom-web/studies?limit=5"),
      read(`${instance}/frames/1`, { Accept: HTJ2K }),
      read(`${study}/metadata`, { Accept: "application/dicom+json" }),
      read("/api/studies"),
      write(),
    ];
    for (const name of PROCESSES) {
      const before = { ...answered };
      await stack.local.processes[name]?.stop();
      await stack.local.processes[name]?.start();
      expect(answered.reads).toBeGreaterThan(before.reads);
      expect(answered.writes).toBeGreaterThan(before.writes);
    }
    over = true;
    await Promise.all(asking);
    expect(failures).toEqual([]);
    const [late] = createDemoStudy({ seed: 600, slices: 1, rows: 32, columns: 32 });
    expect((await stack.storeOverWeb([late?.bytes ?? new Uint8Array()])).status).toBe(200);
    for (const recorder of recorders)
      await recorder.until(
        "rendition after the restarts",
        () => recorder.of("instance.rendered", late?.studyInstanceUid).length === 1,
      );
  }, 240_000);
});
