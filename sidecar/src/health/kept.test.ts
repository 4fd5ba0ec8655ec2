import { expect, test, vi } from "vitest";
import { PATIENCE_MILLISECONDS } from "./in-time.js";
import { kept } from "./kept.js";

test("who asks meanwhile shares the answer, who asks later gets a new one, and a fault is not kept", async () => {
  let asked = 0;
  const ask = () => {
    asked += 1;
    return asked === 2 ? Promise.reject(new Error("away")) : Promise.resolve(asked);
  };
  const long = kept(ask, 60_000);
  expect(await Promise.all([long(), long()])).toEqual([1, 1]);
  expect(await long()).toBe(1);
  const short = kept(ask, -1);
  await expect(short()).rejects.toThrow("away");
  expect(await short()).toBe(3);
  expect(await short()).toBe(4);
});

test("a question that hangs is asked once, and nobody waits for it for long", async () => {
  vi.useFakeTimers();
  try {
    const ask = vi.fn(() => new Promise<never>(() => undefined));
    const figures = kept(ask, 60_000);
    const both = Promise.allSettled([figures(), figures()]);
    await vi.advanceTimersByTimeAsync(PATIENCE_MILLISECONDS);
    for (const { status } of await both) expect(status).toBe("rejected");
    expect(ask).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});
