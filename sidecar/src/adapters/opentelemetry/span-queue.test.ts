import { expect, test } from "vitest";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { SpanQueue, type QueueLimits } from "./span-queue.js";

const LIMITS: QueueLimits = { most: 6, batch: 3, paceMilliseconds: 10, stopMilliseconds: 50 };
type Result = Parameters<Parameters<SpanExporter["export"]>[1]>[0];
/** 0 is success, 1 failure; the enumeration is in a package that we do not name. */
const resultOf = (code: number) => ({ code }) as unknown as Result;
const span = (sampled = true) =>
  ({ spanContext: () => ({ traceFlags: Number(sampled) }) }) as unknown as ReadableSpan;

/** An exporter that answers when it is told to. */
function exporterThat(answers: "at once" | "when told") {
  const batches: number[] = [];
  const open: ((code: number) => void)[] = [];
  const exporter: SpanExporter = {
    export(spans, done) {
      batches.push(spans.length);
      if (answers === "at once") done(resultOf(0));
      else open.push((code) => done(resultOf(code)));
    },
    shutdown: () => Promise.resolve(),
  };
  const counts = { exported: 0, dropped: 0 };
  const queue = new SpanQueue(exporter, (fate, spans) => (counts[fate] += spans), LIMITS);
  return { queue, batches, open, counts };
}

test("spans go in batches, one request at a time, and what waits is bounded", async () => {
  const { queue, batches, open, counts } = exporterThat("when told");
  for (let number = 0; number < 11; number += 1) queue.onEnd(span());
  expect(batches).toEqual([3]);
  expect(counts).toEqual({ exported: 0, dropped: 2 });
  open.shift()?.(0);
  await Promise.resolve();
  await Promise.resolve();
  expect(batches).toEqual([3, 3]);
  open.shift()?.(1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(counts).toEqual({ exported: 3, dropped: 5 });
  expect(batches).toEqual([3, 3, 3]);
});

test("one that came alone is sent after a while, one that is not sampled never", async () => {
  const { queue, batches, counts } = exporterThat("at once");
  queue.onEnd(span(false));
  queue.onEnd(span());
  expect(batches).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(batches).toEqual([1]);
  expect(counts).toEqual({ exported: 1, dropped: 0 });
});

test("what waits is sent when the process ends; after that nothing is kept", async () => {
  const { queue, batches, counts } = exporterThat("at once");
  for (let number = 0; number < 2; number += 1) queue.onEnd(span());
  await queue.shutdown();
  expect(batches).toEqual([2]);
  queue.onEnd(span());
  expect(counts).toEqual({ exported: 2, dropped: 1 });
});

test("a process does not wait for an exporter that never answers, or that throws", async () => {
  const silent = exporterThat("when told");
  for (let number = 0; number < 5; number += 1) silent.queue.onEnd(span());
  await silent.queue.shutdown();
  expect(silent.counts).toEqual({ exported: 0, dropped: 2 });
  const counts = { exported: 0, dropped: 0 };
  const failing: SpanExporter = {
    export: () => {
      throw new Error("broken");
    },
    shutdown: () => Promise.resolve(),
  };
  const queue = new SpanQueue(failing, (fate, spans) => (counts[fate] += spans), LIMITS);
  queue.onEnd(span());
  await queue.shutdown();
  expect(counts).toEqual({ exported: 0, dropped: 1 });
});
