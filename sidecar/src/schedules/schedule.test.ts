import { expect, test } from "vitest";
import { SCHEDULES, slotOf, type Schedule } from "./schedule.js";

const DAY_MINUTES = 1_440;
/** Long enough for what is heavy to be over before the next of its kind begins. */
const APART_MINUTES = 10;

const dueMinutes = ({ everyMinutes, atMinute }: Schedule) =>
  Array.from({ length: DAY_MINUTES / everyMinutes }, (_, index) => index * everyMinutes + atMinute);

test("a slot is the last time that it was due, to the millisecond", () => {
  const hourly = { name: "x", everyMinutes: 60, atMinute: 15, heavy: false, does: "" };
  const at = (text: string) => slotOf(hourly, new Date(text)).toISOString();
  expect(at("2026-11-28T10:14:59.999Z")).toBe("2026-11-28T09:15:00.000Z");
  expect(at("2026-11-28T10:15:00.000Z")).toBe("2026-11-28T10:15:00.000Z");
  expect(at("2026-11-28T00:00:00.000Z")).toBe("2026-11-27T23:15:00.000Z");
  const daily = { ...hourly, everyMinutes: DAY_MINUTES, atMinute: 170 };
  expect(slotOf(daily, new Date("2026-11-28T02:49:00Z")).toISOString()).toBe("2026-11-27T02:50:00.000Z");
});

test("names are unique, and slots divide a day", () => {
  expect(new Set(SCHEDULES.map(({ name }) => name)).size).toBe(SCHEDULES.length);
  for (const { everyMinutes, atMinute } of SCHEDULES) {
    expect(DAY_MINUTES % everyMinutes).toBe(0);
    expect(atMinute).toBeLessThan(everyMinutes);
  }
});

test("no two heavy ones are due within ten minutes of each other, at any time of a day", () => {
  const heavy = SCHEDULES.filter((schedule) => schedule.heavy).flatMap((schedule) =>
    dueMinutes(schedule).map((minute) => ({ name: schedule.name, minute })),
  );
  for (const one of heavy)
    for (const other of heavy) {
      if (one === other) continue;
      const apart = Math.abs(one.minute - other.minute);
      expect
        .soft(Math.min(apart, DAY_MINUTES - apart), `${one.name} and ${other.name}`)
        .toBeGreaterThanOrEqual(APART_MINUTES);
    }
});
