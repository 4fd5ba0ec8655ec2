import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { code, documentedTable } from "../stack/documented-table.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";

const SLICES = 5;

let stack: RunningStack;
let events: EventRecorder;
const files = createDemoStudy({ seed: 402, slices: SLICES, rows: 64, columns: 64 });
const study = files[0]?.studyInstanceUid ?? "";

beforeAll(async () => {
  stack = await RunningStack.start();
  events = await stack.events();
  expect((await stack.storeOverWeb(files.map(({ bytes }) => bytes))).status).toBe(200);
  await events.until("renditions", () => events.of("instance.rendered", study).length >= SLICES);
  await events.until("the result", () => events.of("analysis.succeeded", study).length === 1);
});

afterAll(async () => {
  events.close();
  await stack.stop();
});

async function metrics(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${stack.local.ports.sidecar[0] ?? 0}/metrics`)).text();
}

/** The value of a line, 0 where there is none. */
async function value(line: string): Promise<number> {
  const found = (await metrics()).split("\n").find((each) => each.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 250 });

test("how long it took from arrival to rendition, image by image, and to the model's result", async () => {
  await eventually(async () =>
    expect(await value("neuronova_arrival_to_rendition_seconds_count")).toBe(SLICES),
  );
  expect(await value("neuronova_arrival_to_rendition_seconds_sum")).toBeGreaterThan(0);
  const result = (suffix: string) =>
    value(`neuronova_arrival_to_result_seconds_${suffix}{model="tumor_detection"}`);
  await eventually(async () => expect(await result("count")).toBe(1));
  expect(await result("sum")).toBeGreaterThan(
    (await value("neuronova_arrival_to_rendition_seconds_sum")) / 100,
  );
});

test("what is never rendered is counted by reason: the report of the model has no pixels", async () => {
  await eventually(async () =>
    expect(await value('neuronova_render_failures_total{reason="no-pixel-data"}')).toBeGreaterThan(0),
  );
});

test("the status of the installation says that nothing is wrong, and what is when a destination is away", async () => {
  interface Status {
    readonly state: string;
    readonly concerns: readonly { readonly code: string; readonly subject: string }[];
    readonly renditions: Readonly<Record<string, number>>;
    readonly queues: readonly object[];
    readonly destinations: readonly object[];
    readonly lastBackup: string | null;
  }
  const status = () => stack.json<Status>("/api/status");
  await eventually(async () => expect((await status()).renditions["rendered"]).toBe(SLICES));
  const found = await status();
  // A stack of a test has no backup.
  expect(found).toMatchObject({
    state: "degraded",
    concerns: [{ code: "backup-old", subject: "never" }],
    lastBackup: null,
  });
  expect(found.destinations).toContainEqual(
    expect.objectContaining({ destination: "fhir", breaker: "closed", failed: 0 }),
  );
  expect(found.queues).toContainEqual(expect.objectContaining({ step: "transcode-instance", running: 0 }));
  expect(JSON.stringify(found)).not.toContain(study);
  const fhir = stack.local.processes["fhir"];
  await fhir?.stop();
  try {
    expect((await status()).concerns).toContainEqual({ code: "dependency-down", subject: "fhir" });
  } finally {
    await fhir?.start();
  }
  await eventually(async () => expect((await status()).concerns).toHaveLength(1));
});

test("frames that were answered are counted, pictures and refusals are not", async () => {
  const [file] = files;
  const instance = `/dicom-web/studies/${study}/series/${file?.seriesInstanceUid ?? ""}/instances/${file?.sopInstanceUid ?? ""}`;
  const before = await value('neuronova_frames_total{source="htj2k"}');
  const headers = { Accept: 'multipart/related; type="image/jphc"; transfer-syntax=1.2.840.10008.1.2.4.202' };
  expect((await stack.fetch(`${instance}/frames/1`, { headers })).status).toBe(200);
  expect((await stack.fetch(`${instance}/frames/2`, { headers })).status).toBe(404);
  expect((await stack.fetch(`${instance}/rendered`)).status).toBe(200);
  expect(await value('neuronova_frames_total{source="htj2k"}')).toBe(before + 1);
});

test("refusals are counted by the reason that the audit trail has", async () => {
  const line = 'neuronova_access_denials_total{reason="token-missing"}';
  const before = await value(line);
  expect((await fetch(`${stack.local.address}/dicom-web/studies`)).status).toBe(401);
  expect((await fetch(`${stack.local.address}/api/studies`)).status).toBe(401);
  expect(await value(line)).toBe(before + 2);
});

test("the oldest work that is not finished is as old as it is, and 0 once all is done", async () => {
  const oldest = (work: string) => value(`neuronova_unfinished_oldest_seconds{work="${work}"}`);
  await eventually(async () => {
    expect(await metrics()).toContain('neuronova_unfinished_oldest_seconds{work="analysis"} 0');
    expect(await oldest("rendition")).toBe(0);
  });
  await stack.local.processes["orthanc"]?.stop();
  try {
    await stack.sql(
      "UPDATE instance SET rendition = 'pending', arrived_at = UTC_TIMESTAMP(3) - INTERVAL 100 SECOND LIMIT 1",
    );
    await eventually(async () => expect(await oldest("rendition")).toBeGreaterThan(99));
    expect(await oldest("rendition")).toBeLessThan(400);
  } finally {
    await stack.local.processes["orthanc"]?.start();
  }
});

test("docs/observability.md has every metric with its type and labels, and the dashboard's of Node are there", async () => {
  const text = await metrics();
  const types = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type]) => [name, type]),
  );
  const ofNode = [...types.keys()].filter((name) => /^neuronova_(?:process|nodejs)_/.test(name));
  const own = new Map([...types].filter(([name]) => !ofNode.includes(name)));
  const documented = documentedTable("observability.md", "Metrics");
  expect(documented.map(([name, type]) => [code(name), type])).toEqual(
    [...own].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  for (const [name, , labels] of documented) {
    const allowed = [...(labels?.match(/\w+/g) ?? []), "le"];
    const used = [...text.matchAll(new RegExp(`^${code(name)}(?:_bucket|_sum|_count)?\\{(.*)\\} `, "gm"))];
    for (const [, pairs = ""] of used)
      for (const [, label] of pairs.matchAll(/(\w+)="/g)) expect(allowed, name).toContain(label);
  }
  const dashboard = readFileSync(
    new URL("../../../observability/grafana/neuronova.json", import.meta.url),
    "utf8",
  );
  for (const name of dashboard.match(/neuronova_(?:process|nodejs)_\w+/g) ?? [])
    expect(ofNode).toContain(name);
});
