import { expect, test } from "vitest";
import { pace } from "./pace.js";

function paced(perSecond: number | undefined) {
  let now = 0;
  const pause = (milliseconds: number) => {
    now += milliseconds;
    return Promise.resolve();
  };
  return { done: pace(perSecond, pause, () => now), now: () => now, wait: (by: number) => (now += by) };
}

test("so many a second, whatever the size of the steps", async () => {
  const { done, now } = paced(20);
  for (let step = 0; step < 10; step += 1) await done(4);
  expect(now()).toBe(2_000);
  await done(20);
  expect(now()).toBe(3_000);
});

test("a rest is not made up for by a burst", async () => {
  const { done, now, wait } = paced(10);
  wait(60_000);
  await done(10);
  expect(now()).toBe(61_000);
});

test("without a rate nothing waits", async () => {
  const { done, now } = paced(undefined);
  await done(1_000);
  expect(now()).toBe(0);
});
