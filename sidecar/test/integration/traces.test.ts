import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { OrthancId } from "../../src/dicom/uid.js";
import { createDemoStudy, type DemoFile } from "../../src/phantom/demo-study.js";
import { storingTrace } from "../../src/tracing/storing-trace.js";
import { writeTraceparent } from "../../src/tracing/trace-context.js";
import { EmrClient } from "../stack/emr-client.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { FaultyProxy } from "../stack/faulty-proxy.js";
import { RunningStack } from "../stack/running-stack.js";
import { TraceCollector, type CollectedSpan } from "../stack/trace-collector.js";

const SLICES = 6;
const PATIENT = {
  name: "Tracewell^Ophelia=尋跡^蘭=심적^란",
  id: "PHI-7719-TRACE",
  birthDate: "19510427",
  sex: "F",
} as const;
const PROCESSES = ["api", "transcoding", "inference", "delivery"] as const;
const ALLOWED = [
  "neuronova.resource",
  "neuronova.outcome",
  "neuronova.attempt",
  "orthanc.instance",
  "orthanc.series",
  "orthanc.study",
  "dicom.transfer_syntax",
  "error.type",
];

let collector: TraceCollector;
let proxy: FaultyProxy;
let stack: RunningStack;
let events: EventRecorder;

beforeAll(async () => {
  collector = await TraceCollector.start();
  proxy = await FaultyProxy.start();
  stack = await RunningStack.start({
    sidecarProcesses: PROCESSES.map((role) => [role]),
    settings: {
      NEURONOVA_OTLP_ENDPOINT: collector.url,
      NEURONOVA_FHIR_URL: proxy.url,
      NEURONOVA_AUDIT_FHIR: "off",
    },
  });
  proxy.targetPort = stack.local.ports.fhir;
  events = await stack.events();
});

afterAll(async () => {
  events.close();
  await stack.stop();
  await proxy.stop();
  await collector.stop();
});

const studyOf = (seed: number, slices = SLICES, rows = 64): DemoFile[] =>
  createDemoStudy({ seed, slices, rows, columns: rows, patient: PATIENT });

/** Orthanc's ids of the instances of a series, from the files' own UIDs. */
async function orthancIds(files: readonly DemoFile[]): Promise<OrthancId[]> {
  return stack.orthancJson<OrthancId[]>("/tools/find", {
    method: "POST",
    body: JSON.stringify({
      Level: "Instance",
      Query: { SeriesInstanceUID: files[0]?.seriesInstanceUid ?? "" },
    }),
  });
}

const traceOf = (id: OrthancId) => storingTrace(id)?.traceId ?? "";
const only = (spans: readonly CollectedSpan[]): CollectedSpan => {
  const [span, ...more] = spans;
  expect(more).toEqual([]);
  if (span === undefined) throw new Error("there is no such span");
  return span;
};

/** The settling of the series that the instances are of, once it was told. */
const settled = (ids: readonly OrthancId[]) =>
  collector.until("settled series", () =>
    collector.named("settle-series").find(({ traceId }) => ids.some((id) => traceOf(id) === traceId)),
  );

/** From the delivery of an analysis' result in a trace: the request it went with. */
const requestOf = (deliver: CollectedSpan) =>
  collector
    .named("FHIR POST")
    .find(({ parentSpanId }) =>
      [deliver.spanId, ...deliver.links.map(({ spanId }) => spanId)].includes(parentSpanId),
    );

describe("a study that is sent over DICOM", () => {
  let ids: OrthancId[];
  const files = studyOf(8_001);

  beforeAll(async () => {
    await stack.storeOverDicom(files);
    const study = files[0]?.studyInstanceUid;
    await events.until("the result", () => events.of("analysis.succeeded", study).length === 1);
    ids = await orthancIds(files);
    expect(ids).toHaveLength(SLICES);
  });

  test("is followed from Orthanc's Lua callback to the write to the FHIR server in one trace", async () => {
    const settle = await settled(ids);
    const deliver = await collector.until("delivery of the result", () =>
      collector
        .named("deliver-fhir", settle.traceId)
        .find(({ attributes }) => attributes["neuronova.resource"] === "analysis"),
    );
    const request = await collector.until("request", () => requestOf(deliver));
    await collector.until("results", () => collector.named("run-analysis", settle.traceId).length > 0);
    const chain = collector.ancestry(deliver);
    expect(chain.map(({ name, role }) => [name, role])).toEqual([
      ["deliver-fhir", "delivery"],
      ["run-analysis", "inference"],
      ["settle-series", "api"],
      ["arrival", "api"],
      ["store-instance", "api"],
    ]);
    const [, analysis, , arrival, stored] = chain;
    const lua = ids.map(storingTrace).find((trace) => trace?.traceId === settle.traceId);
    expect(stored).toMatchObject({ traceId: lua?.traceId, spanId: lua?.spanId, parentSpanId: "" });
    const below = (name: string) => only(collector.named(name, settle.traceId)).parentSpanId;
    expect(below("transcode-instance")).toBe(arrival?.spanId);
    expect([below("infer"), below("store-result")]).toEqual([analysis?.spanId, analysis?.spanId]);
    expect(request.attributes["neuronova.outcome"]).toBe(200);
    // The server was told of the very span.
    expect(proxy.traceparents).toContain(`POST 00-${request.traceId}-${request.spanId}-01`);
  });

  test("each of its instances has a trace, that of the series points to all of them", async () => {
    const settle = await settled(ids);
    const linked = [settle, ...settle.links].map(({ traceId }) => traceId);
    expect(linked.sort()).toEqual(ids.map(traceOf).sort());
    for (const id of ids) {
      const transcode = await collector.until("transcoding", () =>
        collector.named("transcode-instance", traceOf(id)).at(0),
      );
      expect(collector.ancestry(transcode).map(({ name }) => name)).toEqual([
        "transcode-instance",
        "arrival",
        "store-instance",
      ]);
      expect(transcode.attributes).toEqual({
        "orthanc.instance": id,
        "dicom.transfer_syntax": "1.2.840.10008.1.2.1",
        "neuronova.attempt": 1,
        "neuronova.outcome": "rendered",
      });
      const arrival = only(collector.named("arrival", traceOf(id)));
      expect(arrival.attributes["orthanc.series"]).toBe(settle.attributes["orthanc.series"]);
    }
  });
});

test("Orthanc's Lua script sends the trace, and the change feed continues it when nobody heard", async () => {
  const files = studyOf(8_002, 1);
  await stack.local.processes["sidecar-api"]?.stop();
  const heard: IncomingHttpHeaders[] = [];
  const listener = createServer((request, response) => {
    if (request.url === "/internal/arrival") heard.push(request.headers);
    response.writeHead(202).end();
  }).listen(stack.local.ports.sidecar[0], "127.0.0.1");
  await once(listener, "listening");
  let id: OrthancId;
  try {
    const stored = await stack.orthancJson<{ ID: OrthancId }>("/instances", {
      method: "POST",
      body: files[0]?.bytes ?? "",
    });
    id = stored.ID;
    await vi.waitFor(() => expect(heard).toHaveLength(1), { timeout: 10_000 });
  } finally {
    listener.closeAllConnections();
    await new Promise((resolve) => listener.close(resolve));
    await stack.local.processes["sidecar-api"]?.start();
  }
  const trace = storingTrace(id);
  expect(heard[0]?.["traceparent"]).toBe(trace && writeTraceparent(trace));
  const transcode = await collector.until("transcoding", () =>
    collector.named("transcode-instance", trace?.traceId).at(0),
  );
  await collector.until("arrival", () => collector.ancestry(transcode).length === 3);
});

describe("a request of a REST client", () => {
  const TRACE = "c0ffee00c0ffee00c0ffee00c0ffee00";
  const given = (flags: string, trace = TRACE) => ({ traceparent: `00-${trace}-00f067aa0ba902b7-${flags}` });

  test("continues the client's trace, to the FHIR server if it leads there", async () => {
    const emr = new EmrClient(stack, await stack.token());
    const patient = await emr.create(
      "patients",
      {
        identifiers: [{ issuer: "HOSPITAL", value: PATIENT.id }],
        name: { alphabetic: { family: "Tracewell", given: "Ophelia" } },
        birthDate: "1951-04-27",
      },
      given("01"),
    );
    expect(patient.id).not.toBe("");
    const deliver = await collector.until("delivery", () =>
      collector
        .named("deliver-fhir", TRACE)
        .find(({ attributes }) => attributes["neuronova.resource"] === "patient"),
    );
    const request = await collector.until("request", () => requestOf(deliver));
    const [, served] = await collector.until("answered request", () => {
      const chain = collector.ancestry(deliver);
      return chain.length === 2 && chain;
    });
    expect(served).toMatchObject({ name: "POST /api/emr", parentSpanId: "00f067aa0ba902b7", role: "api" });
    expect(served?.attributes).toEqual({ "neuronova.outcome": 201 });
    expect(proxy.traceparents).toContain(`POST 00-${request.traceId}-${request.spanId}-01`);
  });

  test("begins one where it names none that is valid, and is not recorded where the client says so", async () => {
    const before = collector.named("GET /api/studies").length;
    const unsampled = "deadbeefdeadbeefdeadbeefdeadbeef";
    await stack.fetch("/api/studies", { headers: given("00", unsampled) });
    await stack.fetch("/api/studies", { headers: { traceparent: `00-${PATIENT.id}-x-01` } });
    await stack.fetch("/api/studies");
    const told = await collector.until("both", () => {
      const spans = collector.named("GET /api/studies").slice(before);
      return spans.length >= 2 && spans;
    });
    expect(told.map(({ parentSpanId }) => parentSpanId)).toEqual(["", ""]);
    expect(new Set(told.map(({ traceId }) => traceId)).size).toBe(2);
    expect(collector.spans.map(({ traceId }) => traceId)).not.toContain(unsampled);
  });
});

test("work of processes that are killed goes on in the trace it was begun in", async () => {
  const files = studyOf(8_003, 24, 256);
  const study = files[0]?.studyInstanceUid;
  await stack.storeOverDicom(files);
  await events.until("a rendition", () => events.of("instance.rendered", study).length > 0);
  stack.local.processes["sidecar-transcoding"]?.kill("SIGKILL");
  await events.until("an analysis", () => events.of("analysis.started", study).length > 0);
  stack.local.processes["sidecar-inference"]?.kill("SIGKILL");
  await events.until("the result", () => events.of("analysis.succeeded", study).length === 1);
  await events.until("renditions", () => events.of("instance.rendered", study).length >= files.length);
  expect(stack.local.processes["sidecar-inference"]?.restarts).toBeGreaterThan(0);
  const ids = await orthancIds(files);
  const settle = await settled(ids);
  const deliver = await collector.until("delivery of the result", () =>
    collector
      .named("deliver-fhir", settle.traceId)
      .find(({ attributes }) => attributes["neuronova.resource"] === "analysis"),
  );
  const [, analysis, ...before] = await collector.until("the chain", () => {
    const chain = collector.ancestry(deliver);
    return chain.length === 5 && chain;
  });
  expect(analysis).toMatchObject({ name: "run-analysis", attributes: { "neuronova.attempt": 2 } });
  expect(before.map(({ name }) => name)).toEqual(["settle-series", "arrival", "store-instance"]);
  // Those told of by the killed process until then, and those done after it, and none twice in another trace.
  const arrivals = new Map(
    ids.map((id) => [traceOf(id), only(collector.named("arrival", traceOf(id))).spanId]),
  );
  const transcoded = collector.named("transcode-instance").filter(({ traceId }) => arrivals.has(traceId));
  expect(transcoded.length).toBeGreaterThan(0);
  for (const { traceId, parentSpanId } of transcoded) expect(parentSpanId).toBe(arrivals.get(traceId));
  const ofSeries = collector
    .named("transcode-instance")
    .filter(({ attributes }) => ids.includes(attributes["orthanc.instance"] as OrthancId));
  expect(ofSeries).toHaveLength(transcoded.length);
}, 240_000);

/** What a process counted of its spans. */
async function counted(role: (typeof PROCESSES)[number], outcome: string): Promise<number> {
  const port = stack.local.ports.sidecar[PROCESSES.indexOf(role)] ?? 0;
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const line = new RegExp(`^neuronova_trace_spans_total\\{outcome="${outcome}"\\} (\\d+)$`, "m");
  return Number(line.exec(text)?.[1] ?? 0);
}

test("without its collector nothing fails: spans are dropped, counted, and come again when it is back", async () => {
  expect(await counted("api", "exported")).toBeGreaterThan(0);
  await collector.down();
  const files = studyOf(8_004);
  const study = files[0]?.studyInstanceUid;
  await stack.storeOverDicom(files);
  await events.until("the result", () => events.of("analysis.succeeded", study).length === 1);
  await events.until("renditions", () => events.of("instance.rendered", study).length >= SLICES);
  await events.until("FHIR", () => events.of("study.synchronised", study).length > 0);
  for (const role of PROCESSES)
    await vi.waitFor(async () => expect(await counted(role, "dropped"), role).toBeGreaterThan(0), {
      timeout: 40_000,
      interval: 250,
    });
  await collector.up();
  const told = collector.spans.length;
  await vi.waitFor(
    async () => {
      await stack.fetch("/api/models");
      expect(collector.spans.length).toBeGreaterThan(told);
    },
    { timeout: 30_000, interval: 500 },
  );
  const { failures } = await stack.json<{ failures: unknown[] }>("/api/failures");
  expect(failures).toEqual([]);
});

test("what has not left when a process ends leaves then", async () => {
  const trace = "badc0de0badc0de0badc0de0badc0de0";
  const token = await stack.token();
  await stack.fetch("/api/models", {
    headers: { Authorization: `Bearer ${token}`, traceparent: `00-${trace}-00f067aa0ba902b7-01` },
  });
  await stack.local.processes["sidecar-api"]?.stop();
  expect(collector.named("GET /api/models", trace)).toHaveLength(1);
  await stack.local.processes["sidecar-api"]?.start();
});

test("no byte of all that was told is of the patient", () => {
  const bytes = collector.bodies.join("\n");
  expect(bytes.length).toBeGreaterThan(10_000);
  for (const word of [
    "Tracewell",
    "Ophelia",
    "尋跡",
    "심적",
    PATIENT.id,
    PATIENT.birthDate,
    "1951-04-27",
    "MRN",
  ])
    expect(bytes).not.toContain(word);
  expect(bytes).not.toMatch(/eyJ|Bearer|Basic /);
  for (const seed of [8_001, 8_002, 8_003, 8_004]) {
    const [file] = studyOf(seed, 1);
    expect(bytes).not.toContain(file?.studyInstanceUid);
  }
  const keys = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
  expect([...keys].filter((key) => !ALLOWED.includes(key))).toEqual([]);
});
