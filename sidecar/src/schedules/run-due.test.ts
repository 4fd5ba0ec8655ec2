import { expect, test } from "vitest";
import { createLogger } from "../log.js";
import { runDue, type Task } from "./run-due.js";
import { SCHEDULES, type ScheduleName } from "./schedule.js";
import type { ScheduleRun, ScheduleStore } from "./schedule-store.js";

class MemoryStore implements ScheduleStore {
  readonly rows = new Map<string, ScheduleRun>();
  constructor(private readonly now: () => Date) {}
  runs = () => Promise.resolve([...this.rows.values()]);
  done(name: ScheduleName, slot: Date, startedAt: Date) {
    const runs = (this.rows.get(name)?.runs ?? 0) + 1;
    this.rows.set(name, { name, doneSlot: slot, startedAt, endedAt: this.now(), succeeded: true, runs });
    return Promise.resolve();
  }
  failed(name: ScheduleName, startedAt: Date) {
    const { doneSlot = null, runs = 0 } = this.rows.get(name) ?? {};
    this.rows.set(name, { name, doneSlot, startedAt, endedAt: this.now(), succeeded: false, runs });
    return Promise.resolve();
  }
}

function bench(faults: ScheduleName[] = []) {
  const clock = { time: new Date("2026-11-28T10:00:00Z") };
  const done: string[] = [];
  let atOnce = 0;
  const tasks = Object.fromEntries(
    SCHEDULES.map(({ name }): [string, Task] => [
      name,
      async () => {
        expect(++atOnce).toBe(1);
        await Promise.resolve();
        atOnce -= 1;
        if (faults.includes(name)) throw new Error("the database is away");
        done.push(name);
      },
    ]),
  ) as Record<ScheduleName, Task>;
  const now = () => clock.time;
  const dependencies = { store: new MemoryStore(now), tasks, log: createLogger("silent", "test"), now };
  const round = (signal = new AbortController().signal) => runDue(dependencies, signal);
  return { clock, done, round, dependencies, faults };
}

const NAMES = SCHEDULES.map(({ name }) => name);

test("at the first start all are due, one after the other, each once", async () => {
  const { done, round } = bench();
  await round();
  await round();
  expect(done).toEqual(NAMES);
});

test("the next slot is done once; slots missed while nothing ran are made up for by one run", async () => {
  const { clock, done, round } = bench();
  await round();
  done.length = 0;
  clock.time = new Date("2026-11-28T10:15:00Z");
  await round();
  await round();
  expect(done).toEqual(["clean-up", "event-retention", "model-statistics"]);
  done.length = 0;
  clock.time = new Date("2026-11-30T00:00:00Z");
  await round();
  await round();
  expect(done).toEqual(NAMES);
});

test("one that fails stays due and holds up no other; it is tried again after a minute", async () => {
  const { clock, done, round, faults } = bench(["event-retention"]);
  await round();
  expect(done).toEqual(NAMES.filter((name) => name !== "event-retention"));
  faults.length = 0;
  await round();
  expect(done).not.toContain("event-retention");
  clock.time = new Date(clock.time.getTime() + 61_000);
  await round();
  expect(done.filter((name) => name === "event-retention")).toHaveLength(1);
});

test("whoever leads no more leaves the slot to the next", async () => {
  const { done, round, dependencies } = bench();
  const stopping = new AbortController();
  dependencies.tasks["event-retention"] = (signal) => {
    stopping.abort();
    signal.throwIfAborted();
    return Promise.resolve();
  };
  await round(stopping.signal);
  expect(done).toEqual(["clean-up"]);
  expect(dependencies.store.rows.has("event-retention")).toBe(false);
});
