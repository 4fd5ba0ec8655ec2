import { getEventListeners, once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withinTime } from "./deadline.js";

let collecting: NodeJS.Timeout;

beforeAll(() => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collecting = setInterval(collect, 20);
});

afterAll(() => clearInterval(collecting));

/** Ends when the signal says so, and holds nothing of the signal itself but a listener. */
const untilAborted = async (signal: AbortSignal): Promise<never> => {
  await once(signal, "abort");
  throw signal.reason;
};

test("what takes too long is given up, however often garbage is collected meanwhile", async () => {
  const { signal } = new AbortController();
  await expect(withinTime(300, signal, untilAborted)).rejects.toMatchObject({ name: "TimeoutError" });
  await expect(withinTime(300, undefined, untilAborted)).rejects.toMatchObject({ name: "TimeoutError" });
});

test("it is given up when the caller stops, for the caller's reason, also when that was before", async () => {
  const stop = new AbortController();
  const given = withinTime(10_000, stop.signal, untilAborted);
  stop.abort(new Error("the process ends"));
  await expect(given).rejects.toThrow("the process ends");
  await expect(
    withinTime(10_000, stop.signal, (signal) => Promise.reject(signal.reason as Error)),
  ).rejects.toThrow("the process ends");
});

test("what is done in time is answered, and nothing of it is left at the caller's signal", async () => {
  const { signal } = new AbortController();
  expect(await withinTime(10_000, signal, () => Promise.resolve("done"))).toBe("done");
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
