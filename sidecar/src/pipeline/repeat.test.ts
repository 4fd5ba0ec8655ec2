import { pino } from "pino";
import { expect, test } from "vitest";
import { backoffMilliseconds } from "./faults.js";
import { repeat } from "./repeat.js";

const log = pino({ level: "silent" });

test("a round that fails is repeated, a wake-up is not lost while one is running", async () => {
  let rounds = 0;
  let finish: (() => void) | undefined;
  const third = new Promise<void>((resolve) => (finish = resolve));
  const loop = repeat("test", 60_000, log, async () => {
    rounds += 1;
    if (rounds === 1) {
      loop.wake();
      await Promise.resolve();
      return "idle";
    }
    if (rounds === 2) {
      setTimeout(() => loop.wake(), 5);
      throw new Error("fault");
    }
    finish?.();
    return "idle";
  });
  await third;
  await loop.stop();
  expect(rounds).toBe(3);
});

test("what is due before the interval is over is done when it is due", async () => {
  const begun = performance.now();
  const second = await new Promise<number>((resolve) => {
    let rounds = 0;
    const loop = repeat("test", 60_000, log, () => {
      rounds += 1;
      if (rounds === 1) return Promise.resolve({ dueInMilliseconds: 30 });
      resolve(performance.now());
      void loop.stop();
      return Promise.resolve("idle" as const);
    });
  });
  // Node's timers count whole milliseconds.
  expect(second - begun).toBeGreaterThanOrEqual(28);
  expect(second - begun).toBeLessThan(10_000);
});

test("delays grow, are capped and never zero", () => {
  expect(backoffMilliseconds(1, () => 1)).toBe(550);
  expect(backoffMilliseconds(100, () => 1)).toBe(30_050);
  expect(backoffMilliseconds(5, () => 0)).toBe(50);
});
