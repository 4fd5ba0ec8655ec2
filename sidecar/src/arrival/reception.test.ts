import { expect, test } from "vitest";
import { Reception } from "./reception.js";

const SECOND = 1_000;

test("the change log is read when something is stored, and closely for a while after", () => {
  const reception = new Reception(5);
  expect(reception.read(0, false, 50_000)).toEqual({ next: "idle" });
  expect(reception.stored(60_000)).toBe(true);
  expect(reception.read(1, false, 60_003)).toEqual({ next: { dueInMilliseconds: 50 } });
  expect(reception.stored(61_000)).toBe(false);
  expect(reception.read(0, false, 63_499)).toEqual({ next: { dueInMilliseconds: 50 } });
  expect(reception.read(0, false, 63_500)).toEqual({ next: "idle" });
  expect(reception.stored(63_500)).toBe(true);
});

test("after Lua's last notification of a burst the log is followed for longer than Lua may stay silent", () => {
  const reception = new Reception(5);
  // Told at the very beginning of a second of the clock; what is stored at its end is not told of.
  reception.stored(70 * SECOND);
  expect(reception.read(3, false, 71 * SECOND + 100).next).not.toBe("idle");
});

test("longer pauses follow longer pages, none a page that is not the last", () => {
  const reception = new Reception(5);
  reception.stored(0);
  expect(reception.read(20, false, 1_000).next).toEqual({ dueInMilliseconds: 400 });
  expect(reception.read(190, false, 2_000).next).toEqual({ dueInMilliseconds: 1_000 });
  expect(reception.read(200, true, 2_100).next).toBe("more");
});

test("no pause is longer than half of the time after which a series is stable", () => {
  const reception = new Reception(1);
  reception.stored(0);
  expect(reception.read(20, false, 1_000).next).toEqual({ dueInMilliseconds: 400 });
  expect(reception.read(190, false, 2_000).next).toEqual({ dueInMilliseconds: 500 });
});

test("a burst is told of while it lasts, and its end once", () => {
  const reception = new Reception(5);
  reception.stored(0);
  expect(reception.read(1, false, 10).tell).toBeUndefined();
  expect(reception.read(15, false, 110).tell).toBe("receiving");
  expect(reception.read(100, false, 1_110).tell).toBe("receiving");
  // A page that was read early is no end.
  expect(reception.read(3, false, 1_210).tell).toBe("receiving");
  expect(reception.read(19, false, 2_210).tell).toBe("received");
  expect(reception.read(3, false, 2_310).tell).toBeUndefined();
});

test.each([
  ["few images at once", 4, 50],
  ["a modality that sends one association after the other", 40, 1_000],
])("%s are no burst", (_what, arrived, milliseconds) => {
  const reception = new Reception(5);
  reception.read(0, false, 5_000);
  expect(reception.read(arrived, false, 5_000 + milliseconds).tell).toBeUndefined();
});
