import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Breaker, DestinationAway } from "./breaker.js";

const AWAY = Object.assign(new Error("away"), { code: "x-unavailable", retryable: true });
const REFUSED = Object.assign(new Error("refused"), { code: "x-refused", retryable: false });
const STUMBLES = Object.assign(new Error("500"), { code: "x-fault", retryable: true, concerns: "message" });

let states: string[] = [];
let breaker: Breaker;
const fails = (error: Error, about?: string) => breaker.run(() => Promise.reject(error), about).catch(String);
const succeeds = () => breaker.run(() => Promise.resolve("done"));

beforeEach(() => {
  vi.useFakeTimers();
  states = [];
  breaker = new Breaker("fhir", 60_000, ({ state }) => states.push(state));
});
afterEach(() => {
  breaker.stop();
  vi.useRealTimers();
});

async function open(): Promise<void> {
  for (let failure = 0; failure < 5; failure += 1) await fails(AWAY);
}

test("five failures in a row open it, four and a success do not", async () => {
  for (let failure = 0; failure < 4; failure += 1) await fails(AWAY);
  await succeeds();
  for (let failure = 0; failure < 4; failure += 1) await fails(AWAY);
  expect(states).toEqual([]);
  await fails(AWAY);
  expect(states).toEqual(["open"]);
  expect(breaker.report()).toMatchObject({ state: "open", code: "x-unavailable" });
});

test("while it is open a call fails in less than 50 ms and the work is not done", async () => {
  await open();
  const work = vi.fn(() => Promise.resolve());
  vi.useRealTimers();
  const began = performance.now();
  for (let call = 0; call < 100; call += 1)
    await expect(breaker.run(work)).rejects.toBeInstanceOf(DestinationAway);
  expect((performance.now() - began) / 100).toBeLessThan(50);
  expect(work).not.toHaveBeenCalled();
});

test("after 60 seconds one call is let through, and its success closes it", async () => {
  await open();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(breaker.report().state).toBe("open");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(breaker.pass()).toBe("probe");
  let finish: (value: string) => void = () => undefined;
  const probe = breaker.run(() => new Promise<string>((resolve) => (finish = resolve)));
  await expect(succeeds()).rejects.toBeInstanceOf(DestinationAway);
  expect(breaker.pass()).toMatchObject({ dueInMilliseconds: expect.any(Number) as number });
  finish("back");
  expect(await probe).toBe("back");
  expect(breaker.pass()).toBe("all");
  expect(states).toEqual(["open", "half-open", "closed"]);
});

test("a probe that fails opens it for another 60 seconds", async () => {
  await open();
  await vi.advanceTimersByTimeAsync(60_000);
  await fails(AWAY);
  expect(states).toEqual(["open", "half-open", "open"]);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(breaker.report().state).toBe("open");
});

test("refusals are answers: they never open it, and close it when it is half-open", async () => {
  for (let refusal = 0; refusal < 20; refusal += 1) await fails(REFUSED);
  expect(states).toEqual([]);
  await open();
  breaker.allowProbe();
  await fails(REFUSED);
  expect(breaker.report().state).toBe("closed");
});

test("one message that is stumbled over again and again does not open it, five different ones do", async () => {
  for (let attempt = 0; attempt < 20; attempt += 1) await fails(STUMBLES, "patient-1");
  expect(states).toEqual([]);
  for (const about of ["patient-2", "patient-3", "patient-4", "patient-5"]) await fails(STUMBLES, about);
  expect(states).toEqual(["open"]);
});

test("a fault of settings opens it at once", async () => {
  await fails(
    Object.assign(new Error("401"), { code: "x-unauthorized", retryable: true, concerns: "settings" }),
  );
  expect(breaker.report()).toMatchObject({ state: "open", code: "x-unauthorized" });
});

test("a destination that asks for time is left alone for as long, and no longer than a quarter of an hour", async () => {
  const busy = (retryAfterMilliseconds: number) =>
    fails(Object.assign(new Error("429"), { code: "x-busy", retryable: true, retryAfterMilliseconds }));
  await busy(7_000);
  await expect(succeeds()).rejects.toBeInstanceOf(DestinationAway);
  await vi.advanceTimersByTimeAsync(7_001);
  expect(await succeeds()).toBe("done");
  await busy(1e12);
  await vi.advanceTimersByTimeAsync(15 * 60_000 + 1);
  expect(await succeeds()).toBe("done");
  expect(states).toEqual([]);
});
