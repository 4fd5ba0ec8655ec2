import { expect, test } from "vitest";
import { niceCeiling, pathOf } from "./line-chart.js";

test("the line has a gap where there was no value, and invents none", () => {
  const samples = [1, 2, undefined, 4].map((value, at) => ({ at, value }));
  const same = (value: number) => value;
  expect(pathOf(samples, same, same)).toBe("M0.0 1.0L1.0 2.0M3.0 4.0");
  expect(pathOf([{ at: 0, value: undefined }], same, same)).toBe("");
});

test("the axis ends at a round number at or above the largest value, with a round half", () => {
  expect([0, 1, 2, 3, 4.2, 10, 69, 101, 399].map(niceCeiling)).toEqual([2, 2, 2, 4, 10, 10, 100, 200, 400]);
});
