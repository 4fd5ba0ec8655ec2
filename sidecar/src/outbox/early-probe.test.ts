import { expect, test } from "vitest";
import { EarlyProbe } from "./early-probe.js";

test("an outage that was over before anybody asked is tried at once", () => {
  expect(new EarlyProbe(2_000, 60_000).isDue(true, 5)).toBe(true);
});

test("an outage that is seen is tried as soon as the destination answers", () => {
  const probe = new EarlyProbe(2_000, 60_000);
  expect([probe.isDue(false, 0), probe.isDue(false, 2_000), probe.isDue(true, 4_000)]).toEqual([
    false,
    false,
    true,
  ]);
});

test("a destination that answers and fails at messages is tried after twice as long each time", () => {
  const probe = new EarlyProbe(2_000, 60_000);
  const tried: number[] = [];
  for (let now = 0; now <= 200_000; now += 2_000) if (probe.isDue(true, now)) tried.push(now / 1_000);
  expect(tried).toEqual([0, 2, 6, 14, 30, 62, 122, 182]);
});

test("after it was closed, or seen away, the next one is tried at once again", () => {
  const probe = new EarlyProbe(2_000, 60_000);
  for (let now = 0; now < 30_000; now += 2_000) probe.isDue(true, now);
  expect(probe.isDue(true, 30_001)).toBe(true);
  expect(probe.isDue(true, 30_002)).toBe(false);
  probe.closed();
  expect(probe.isDue(true, 30_003)).toBe(true);
  expect([probe.isDue(false, 30_004), probe.isDue(true, 30_005)]).toEqual([false, true]);
});
