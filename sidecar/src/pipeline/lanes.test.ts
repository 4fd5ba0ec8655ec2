import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, expect, test, vi } from "vitest";
import { runLanes, type LaneRound } from "./lanes.js";
import type { Outcome, Repetition } from "./repeat.js";

const log = pino({ level: "silent" });
const running: Repetition[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((lanes) => lanes.stop()));
});

function start(round: LaneRound, untilNext: () => Promise<Outcome> = () => Promise.resolve("idle")) {
  const lanes = runLanes("test", 4, { milliseconds: 60_000, untilNext }, log, round);
  running.push(lanes);
  return lanes;
}

/** Until nothing happens by itself any more. */
const settled = () => sleep(20);

test("a wake-up with one piece of work costs two looks, not four", async () => {
  const looks: number[] = [];
  let work = 0;
  const lanes = start(({ number, tookSomething }) => {
    looks.push(number);
    if (work === 0) return Promise.resolve("idle");
    work -= 1;
    tookSomething();
    return Promise.resolve("more");
  });
  await settled();
  expect(looks.toSorted()).toEqual([0, 1, 2, 3]);
  looks.length = 0;
  lanes.wake();
  await settled();
  expect(looks).toEqual([0]);
  looks.length = 0;
  work = 1;
  lanes.wake();
  await settled();
  expect(looks.toSorted()).toEqual([0, 0, 1]);
});

test("much work is soon done in all lanes at once, by one wake-up", async () => {
  let work = 0;
  let together = 0;
  let most = 0;
  const lanes = start(async ({ tookSomething }) => {
    if (work === 0) return "idle";
    work -= 1;
    tookSomething();
    together += 1;
    most = Math.max(most, together);
    await sleep(5);
    together -= 1;
    return "more";
  });
  await settled();
  work = 12;
  lanes.wake();
  await vi.waitFor(() => expect(work).toBe(0));
  expect(most).toBe(4);
});

test("while one lane is at work another is woken", async () => {
  let finish = () => {};
  let begin = false;
  const looks: number[] = [];
  const lanes = start(async ({ number }) => {
    looks.push(number);
    if (begin && number === 0) await new Promise<void>((resolve) => (finish = resolve));
    return "idle";
  });
  await settled();
  begin = true;
  lanes.wake();
  await settled();
  lanes.wake();
  await settled();
  expect(looks.slice(4)).toEqual([0, 1]);
  finish();
});

test("a wake-up while all lanes are at work is not lost", async () => {
  const finish: (() => void)[] = [];
  let looks = 0;
  const lanes = start(async () => {
    looks += 1;
    if (looks <= 4) await new Promise<void>((resolve) => finish.push(resolve));
    return "idle";
  });
  await vi.waitFor(() => expect(finish).toHaveLength(4));
  lanes.wake();
  for (const end of finish) end();
  await settled();
  expect(looks).toBeGreaterThan(4);
});

test("the first lane, and one that has just worked, look again when something is due", async () => {
  const looks = [0, 0, 0, 0];
  let firstIsAtWork = false;
  let finish = () => {};
  let work = 0;
  const lanes = start(
    async ({ number, tookSomething }) => {
      looks[number] = (looks[number] ?? 0) + 1;
      if (number === 0 && firstIsAtWork) await new Promise<void>((resolve) => (finish = resolve));
      if (number === 0 || work === 0) return "idle";
      work -= 1;
      tookSomething();
      return "more";
    },
    () => Promise.resolve({ dueInMilliseconds: 10 }),
  );
  await vi.waitFor(() => expect(looks[0]).toBeGreaterThan(3));
  expect(looks.slice(1)).toEqual([1, 1, 1]);
  firstIsAtWork = true;
  await settled();
  work = 1;
  lanes.wake();
  await vi.waitFor(() => expect(looks[1]).toBe(4));
  await settled();
  // The second: its work, nothing more, and once when something was due. The third, which it woke, found nothing.
  expect(looks.slice(1)).toEqual([4, 2, 1]);
  finish();
  firstIsAtWork = false;
});

test("what fails in one lane is tried again, and the lane counts as resting", async () => {
  let fails = true;
  let looks = 0;
  const lanes = start(({ number }) => {
    if (number !== 0) return Promise.resolve("idle");
    looks += 1;
    return fails ? Promise.reject(new Error("fault")) : Promise.resolve("idle");
  });
  await settled();
  fails = false;
  lanes.wake();
  await settled();
  expect(looks).toBe(2);
});
