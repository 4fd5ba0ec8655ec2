import { expect, test } from "vitest";
import { gather } from "./gather.js";

const AT_ONCE = { largest: 100, paceMilliseconds: 0 };

test("what is asked for during a call goes into the next one, and each gets its own answer", async () => {
  const calls: number[][] = [];
  let release: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const double = gather(async (items: readonly number[]) => {
    calls.push([...items]);
    if (calls.length === 1) await held;
    return items.map((item) => item * 2);
  }, AT_ONCE);
  const answers = Promise.all([double(1), double(2), double(3)]);
  release?.();
  expect(await answers).toEqual([2, 4, 6]);
  expect(calls).toEqual([[1], [2, 3]]);
});

test("one that fails does not take the others along", async () => {
  const half = gather((items: readonly number[]) => {
    if (items.some((item) => item % 2 === 1)) return Promise.reject(new Error("odd"));
    return Promise.resolve(items.map((item) => item / 2));
  }, AT_ONCE);
  const answers = await Promise.allSettled([half(2), half(4), half(5), half(6)]);
  expect(answers.map((answer) => (answer.status === "fulfilled" ? answer.value : "failed"))).toEqual([
    1,
    2,
    "failed",
    3,
  ]);
});
