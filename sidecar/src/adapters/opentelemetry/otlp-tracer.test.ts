import { afterEach, beforeEach, expect, test } from "vitest";
import { TraceCollector } from "../../../test/stack/trace-collector.js";
import type { OrthancId } from "../../dicom/uid.js";
import { activeTrace } from "../../tracing/active-trace.js";
import type { SpanAttributes } from "../../tracing/attributes.js";
import { storingTrace } from "../../tracing/storing-trace.js";
import { traced, withTraceOf } from "../../tracing/traced.js";
import { OtlpTracer } from "./otlp-tracer.js";
import type { QueueLimits } from "./span-queue.js";

const LIMITS: QueueLimits = { most: 50, batch: 10, paceMilliseconds: 5, stopMilliseconds: 300 };
const TOLD = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", sampled: true };

let collector: TraceCollector;
let counts: { exported: number; dropped: number };

beforeEach(async () => {
  collector = await TraceCollector.start();
  counts = { exported: 0, dropped: 0 };
});

afterEach(() => collector.stop());

function tracer({ ratio = 1, limits = {} }: { ratio?: number; limits?: Partial<QueueLimits> } = {}) {
  return new OtlpTracer({
    endpoint: collector.url,
    ratio,
    roles: ["api", "delivery"],
    count: (fate, spans) => (counts[fate] += spans),
    limits: { ...LIMITS, ...limits },
  });
}

test("work within work is one trace, under whoever told of it", async () => {
  const to = tracer();
  await traced(to, "outer", { parent: TOLD }, () =>
    traced(to, "inner", { kind: "client" }, async (span) => {
      await Promise.resolve();
      span?.note({ "neuronova.outcome": 200 });
      expect(activeTrace()).toEqual(span?.context);
    }),
  );
  await to.stop();
  const [inner, outer] = collector.spans;
  expect(outer).toMatchObject({ name: "outer", traceId: TOLD.traceId, parentSpanId: TOLD.spanId });
  expect(inner).toMatchObject({
    name: "inner",
    traceId: TOLD.traceId,
    parentSpanId: outer?.spanId,
    attributes: { "neuronova.outcome": 200 },
    role: "api+delivery",
  });
  expect(counts).toEqual({ exported: 2, dropped: 0 });
});

test("a fault ends the span with its code, and what follows from it is of the same trace", async () => {
  const to = tracer();
  const fault = Object.assign(new Error("Hong^Gildong is not there"), { code: "archive-busy" });
  await expect(traced(to, "work", {}, () => Promise.reject(fault))).rejects.toBe(fault);
  const after = withTraceOf(fault, () => activeTrace());
  expect(activeTrace()).toBeUndefined();
  await to.stop();
  expect(collector.spans[0]).toMatchObject({ status: 2, attributes: { "error.type": "archive-busy" } });
  expect(collector.spans[0]?.traceId).toBe(after?.traceId);
  expect(collector.bodies.join("")).not.toContain("Hong");
});

test("whoever sends a trace decides whether it is recorded; of those that begin here the ratio does", async () => {
  const none = tracer({ ratio: 0 });
  const all = tracer({ ratio: 1 });
  expect(none.begin("a", { parent: TOLD }).context.sampled).toBe(true);
  expect(all.begin("a", { parent: { ...TOLD, sampled: false } }).context.sampled).toBe(false);
  const parentless = (to: OtlpTracer) => to.begin("a").context.sampled;
  expect([parentless(none), parentless(all)]).toEqual([false, true]);
  const half = tracer({ ratio: 0.5 });
  const sampled = Array.from({ length: 2_000 }, () => half.begin("a").context).filter(
    ({ sampled }) => sampled,
  );
  expect(sampled.length).toBeGreaterThan(850);
  expect(sampled.length).toBeLessThan(1_150);
  await traced(all, "unsampled", { parent: { ...TOLD, sampled: false } }, () =>
    traced(all, "below it", {}, () => Promise.resolve()),
  );
  await all.stop();
  expect(collector.spans).toEqual([]);
  expect(counts.dropped).toBe(0);
});

test("a span has the ids that it is begun with, the next one others; the ratio decides the same in every process", () => {
  const ids = storingTrace("11111111-22222222-33333333-44444444-5555aaaa" as OrthancId);
  if (ids === undefined) throw new Error("no ids");
  const to = tracer();
  expect(to.begin("store-instance", { ids }).context).toEqual(ids);
  expect(to.begin("another").context.traceId).not.toBe(ids.traceId);
  const decisions = Array.from({ length: 100 }, (_, index) => {
    const id = [7, 1, 9, 4, 2]
      .map((step) => ((index + 1) * step * 40_503_001).toString(16).padStart(8, "0").slice(-8))
      .join("-");
    return [tracer({ ratio: 0.3 }), tracer({ ratio: 0.3 })].map(
      (process) =>
        process.begin("store-instance", { ids: storingTrace(id as OrthancId) ?? ids }).context.sampled,
    );
  });
  for (const [one, other] of decisions) expect(one).toBe(other);
  expect(new Set(decisions.flat()).size).toBe(2);
});

test("nothing leaves but what the list of attributes has", async () => {
  const to = tracer();
  const span = to.begin("work", {
    attributes: { "patient.name": "Hong^Gildong", "neuronova.attempt": 1 } as SpanAttributes,
  });
  span.note({ "patient.id": "DEMO-0001", "neuronova.outcome": "19700101 Hong" } as SpanAttributes);
  span.end();
  await to.stop();
  expect(collector.spans[0]?.attributes).toEqual({ "neuronova.attempt": 1 });
  expect(collector.bodies.join("")).not.toMatch(/Hong|DEMO-0001|19700101/);
});

test("with a collector that is away, work goes on, and its spans are counted as dropped when the process ends", async () => {
  await collector.down();
  const to = tracer();
  const begun = performance.now();
  for (let number = 0; number < 30; number += 1) await traced(to, "work", {}, () => Promise.resolve());
  expect(performance.now() - begun).toBeLessThan(250);
  const stopping = performance.now();
  await to.stop();
  expect(performance.now() - stopping).toBeLessThan(LIMITS.stopMilliseconds + 500);
  expect(counts.exported).toBe(0);
  // One request is under way, and nobody waits for it any more.
  expect(counts.dropped).toBeGreaterThanOrEqual(30 - LIMITS.batch);
});

test("a collector that does not answer holds nobody up: what is too much is dropped, and counted", async () => {
  collector.silent = true;
  const to = tracer();
  for (let number = 0; number < 200; number += 1) to.begin("work").end();
  expect(counts.dropped).toBe(200 - LIMITS.batch - LIMITS.most);
  await to.stop();
  expect(counts).toEqual({ exported: 0, dropped: 200 - LIMITS.batch });
});
