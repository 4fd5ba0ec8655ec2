import { expect, test } from "vitest";
import { ReceivingFirst } from "./receiving-first.js";

function clocked(longestMilliseconds: number) {
  const clock = { now: 100_000 };
  const gate = new ReceivingFirst(longestMilliseconds, () => clock.now);
  return {
    gate,
    after: (milliseconds: number) => {
      clock.now += milliseconds;
      return gate;
    },
  };
}

test("work is held back while images come in, and goes on as soon as they stop", () => {
  const { gate, after } = clocked(10_000);
  expect(gate.isHeld()).toBe(false);
  gate.busy();
  expect(gate.isHeld()).toBe(true);
  expect(after(1_499).isHeld()).toBe(true);
  gate.quiet();
  expect(gate.isHeld()).toBe(false);
});

test("it does not wait for the word that they stopped, which may be lost", () => {
  const { gate, after } = clocked(10_000);
  gate.busy();
  expect(after(1_500).isHeld()).toBe(false);
});

test("a burst that does not end holds back no longer than is set; a later one does again", () => {
  const { gate, after } = clocked(3_000);
  for (let second = 0; second < 3; second += 1) {
    gate.busy();
    expect(gate.isHeld(), `after ${second} s`).toBe(true);
    after(1_000);
  }
  for (let second = 3; second < 60; second += 1) {
    gate.busy();
    expect(gate.isHeld(), `after ${second} s`).toBe(false);
    // As long a rest as may lie within a burst.
    after(second % 5 === 0 ? 2_000 : 1_000);
  }
  after(2_001).busy();
  expect(gate.isHeld()).toBe(true);
});

test("nothing is held back where that is not wanted", () => {
  const { gate } = clocked(0);
  gate.busy();
  expect(gate.isHeld()).toBe(false);
});

test("who waits goes on when the burst is over", async () => {
  const gate = new ReceivingFirst(10_000);
  const stopping = new AbortController();
  await gate.turn(stopping.signal);
  gate.busy();
  let turns = 0;
  const waiting = gate.turn(stopping.signal).then(() => (turns += 1));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(turns).toBe(0);
  gate.quiet();
  await waiting;
});

test("who waits goes on when the process is to end", async () => {
  // For this clock the burst never ends.
  const { gate } = clocked(10_000);
  const stopping = new AbortController();
  gate.busy();
  const ended = gate.turn(stopping.signal);
  stopping.abort();
  await ended;
});
