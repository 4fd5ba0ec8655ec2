import { expect, test } from "vitest";
import type { OrthancId, Uid } from "../dicom/uid.js";
import type { ArrivedInstance } from "../state/records.js";
import { storingTrace } from "../tracing/storing-trace.js";
import type { TraceContext } from "../tracing/trace-context.js";
import { NO_TRACER, type SpanStart, type Tracer } from "../tracing/tracer.js";
import { ArrivalTraces } from "./arrival-traces.js";
import { seriesTrace } from "./series-trace.js";

const ID = "11111111-22222222-33333333-44444444-5555aaaa" as OrthancId;
const STORING = storingTrace(ID) as TraceContext;
const FOREIGN: TraceContext = { traceId: "f".repeat(32), spanId: "e".repeat(16), sampled: true };
const received = new Date("2026-01-02T03:04:05Z");

const instance = (some: Partial<ArrivedInstance> = {}): ArrivedInstance => ({
  orthancId: ID,
  seriesId: "66666666-22222222-33333333-44444444-55555555" as OrthancId,
  sopInstanceUid: "1.2.3" as Uid,
  sopClassUid: "1.2",
  fileUuid: "file",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
  instanceNumber: 1,
  numberOfFrames: 1,
  receivedAt: received,
  urgency: "live",
  ...some,
});

/** Keeps what was begun and ended; a span has the ids it is given, or those of its parent's trace. */
function recorder() {
  const begun: (SpanStart & { readonly name: string })[] = [];
  const ended: string[] = [];
  const tracer: Tracer = {
    begin(name, start = {}) {
      begun.push({ name, ...start });
      const context = start.ids ?? { ...(start.parent ?? FOREIGN), spanId: "c".repeat(16) };
      return { context, note: () => undefined, end: () => void ended.push(name) };
    },
    stop: () => Promise.resolve(),
  };
  return { tracer, begun, ended };
}

test.each([
  ["told by the Lua script", new Map([[ID, STORING]])],
  ["found without being told", new Map()],
])("an instance %s arrives in the trace of its storing, which is told of on Lua's behalf", (_how, told) => {
  const { tracer, begun, ended } = recorder();
  const traces = new ArrivalTraces(tracer, told);
  expect(traces.begin(instance(), true)).toBe(`00-${STORING.traceId}-${"c".repeat(16)}-01`);
  expect(begun).toMatchObject([
    { name: "store-instance", ids: STORING, startedAt: received },
    { name: "arrival", parent: STORING },
  ]);
  expect(ended).toEqual([]);
  traces.end([{ orthancId: ID }]);
  expect(ended).toEqual(["store-instance", "arrival"]);
});

test("one that was told of with another trace continues that", () => {
  const { tracer, begun } = recorder();
  const traceparent = new ArrivalTraces(tracer, new Map([[ID, FOREIGN]])).begin(instance(), true);
  expect(traceparent).toContain(FOREIGN.traceId);
  expect(begun).toMatchObject([{ name: "arrival", parent: FOREIGN }]);
});

test("one that is overwritten arrives once more, and is not stored for the first time again", () => {
  const { tracer, ended } = recorder();
  const traces = new ArrivalTraces(tracer, new Map());
  expect(traces.begin(instance(), false)).toContain(STORING.traceId);
  traces.end([{ orthancId: ID }]);
  expect(ended).toEqual(["arrival"]);
});

test("what waited for years was not stored for as long; what was not recorded is not told of", () => {
  const { tracer, begun, ended } = recorder();
  const traces = new ArrivalTraces(tracer, new Map());
  traces.begin(instance({ urgency: "background" }), true);
  expect(begun[0]).toMatchObject({ name: "store-instance", startedAt: undefined });
  traces.end([]);
  expect(ended).toEqual([]);
});

test("without a collector rows say nothing of a trace", () => {
  expect(new ArrivalTraces(NO_TRACER, new Map([[ID, FOREIGN]])).begin(instance(), true)).toBeNull();
});

test("a series follows from the instance that came last, and points to the others", () => {
  const row = (digit: string, second: number, flags = "01") => ({
    arrivedAt: new Date(second * 1_000),
    traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-${flags}`,
  });
  const ids = (trace: ReturnType<typeof seriesTrace>) =>
    [trace.parent, ...trace.links].map((one) => one?.traceId[0]);
  expect(ids(seriesTrace([row("a", 1), row("b", 3), row("c", 2)]))).toEqual(["b", "c", "a"]);
  expect(ids(seriesTrace([row("a", 1), row("b", 3, "00"), row("c", 2)]))).toEqual(["c", "a", "b"]);
  const none = { arrivedAt: new Date(9_000), traceparent: null };
  expect(ids(seriesTrace([none, row("a", 1), { arrivedAt: new Date(8_000) }]))).toEqual(["a"]);
  expect(seriesTrace([none])).toEqual({ parent: undefined, links: [] });
});
