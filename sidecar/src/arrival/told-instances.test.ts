import { expect, test } from "vitest";
import type { OrthancId } from "../dicom/uid.js";
import type { TraceContext } from "../tracing/trace-context.js";
import type { ArrivalDependencies } from "./instances-arrived.js";
import { ToldInstances } from "./told-instances.js";

const id = (digit: number) => `${digit}1111111-22222222-33333333-44444444-55555555` as OrthancId;
const TRACE: TraceContext = { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true };

/** What is known already; `asked` is what the archive's index was asked for, which is how recording begins. */
function surroundings(known: ReadonlySet<OrthancId>) {
  const clock = { now: 10_000, fails: false };
  const asked: OrthancId[][] = [];
  const of = (ids: readonly OrthancId[]) =>
    Promise.resolve(new Map(ids.filter((one) => known.has(one)).map((one) => [one, "file"])));
  const dependencies = {
    state: { read: { fileUuids: of } },
    archive: {
      indexedInstances: (ids: readonly OrthancId[]) => {
        asked.push([...ids]);
        return clock.fails
          ? Promise.reject(Object.assign(new Error("away"), { retryable: true }))
          : Promise.resolve([]);
      },
    },
  } as unknown as ArrivalDependencies;
  return { told: new ToldInstances(dependencies, () => clock.now), clock, asked };
}

test("only what the change log did not show in time is recorded, once", async () => {
  const { told, clock, asked } = surroundings(new Set([id(1)]));
  told.tell([id(1), id(2)], undefined);
  await told.recordForgotten();
  clock.now += 1_999;
  await told.recordForgotten();
  expect(asked).toEqual([]);
  clock.now += 1;
  await told.recordForgotten();
  expect(asked).toEqual([[id(2)]]);
  clock.now += 5_000;
  await told.recordForgotten();
  expect(asked).toHaveLength(1);
});

test("what cannot be recorded now is tried again, what was told meanwhile has its time", async () => {
  const { told, clock, asked } = surroundings(new Set());
  told.tell([id(1)], undefined);
  clock.now += 2_000;
  told.tell([id(2)], undefined);
  clock.fails = true;
  await expect(told.recordForgotten()).rejects.toThrow("away");
  clock.fails = false;
  await told.recordForgotten();
  expect(asked).toEqual([[id(1)], [id(1)]]);
});

test("a trace is of the instance that was named last", () => {
  const { told } = surroundings(new Set());
  told.tell([id(1), id(2)], TRACE);
  told.tell([id(3)], undefined);
  expect([...told.traces()]).toEqual([[id(2), TRACE]]);
});
