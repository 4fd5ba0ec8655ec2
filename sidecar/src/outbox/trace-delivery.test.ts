import { expect, test } from "vitest";
import { activeTrace } from "../tracing/active-trace.js";
import type { TraceContext } from "../tracing/trace-context.js";
import type { SpanStart, Tracer } from "../tracing/tracer.js";
import { tracedDelivery } from "./trace-delivery.js";

const trace = (digit: string): TraceContext => ({
  traceId: digit.repeat(32),
  spanId: digit.repeat(16),
  sampled: true,
});
const STUDY = "11111111-22222222-33333333-44444444-55555555";

function recorder() {
  const begun: SpanStart[] = [];
  const ended: unknown[] = [];
  const tracer: Tracer = {
    begin(_name, start = {}) {
      begun.push(start);
      const { traceId = "" } = start.parent ?? {};
      const context = { traceId, spanId: String(begun.length).repeat(16), sampled: true };
      return { context, note: () => undefined, end: (error) => void ended.push(error) };
    },
    stop: () => Promise.resolve(),
  };
  return { tracer, begun, ended };
}

const writes = [
  { kind: "audit", subject: "1", attempts: 0, traces: [] },
  { kind: "study", subject: STUDY, attempts: 1, traces: [trace("a"), trace("b")] },
  { kind: "analysis", subject: "7", attempts: 0, traces: [trace("c")] },
] as const;

test("each write is delivered in its own trace; the requests are of the first's, and the others point to it", async () => {
  const { tracer, begun, ended } = recorder();
  const active = await tracedDelivery(tracer, "fhir", writes, () => Promise.resolve(activeTrace()));
  expect(active).toEqual({ traceId: "b".repeat(32), spanId: "1".repeat(16), sampled: true });
  expect(begun).toMatchObject([
    {
      parent: trace("b"),
      links: [trace("a")],
      attributes: { "neuronova.resource": "study", "orthanc.study": STUDY, "neuronova.attempt": 2 },
    },
    { parent: trace("c"), links: [active] },
  ]);
  expect(begun[1]?.attributes).toEqual({ "neuronova.resource": "analysis", "neuronova.attempt": 1 });
  expect(ended).toEqual([undefined, undefined]);
});

test("a fault is that of every write", async () => {
  const { tracer, ended } = recorder();
  const fault = new Error("no");
  await expect(tracedDelivery(tracer, "fhir", writes, () => Promise.reject(fault))).rejects.toBe(fault);
  expect(ended).toEqual([fault, fault]);
});

test("what is of no trace begins none", async () => {
  const { tracer, begun } = recorder();
  expect(await tracedDelivery(tracer, "fhir", writes.slice(0, 1), () => Promise.resolve(activeTrace()))).toBe(
    undefined,
  );
  expect(begun).toEqual([]);
});
