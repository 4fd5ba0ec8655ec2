import { expect, test } from "vitest";
import { frameRateOf } from "./frame-rate.js";

test("the image says how fast it plays, within what a screen can do", () => {
  expect(frameRateOf({})).toBe(10);
  expect(frameRateOf({ "00181063": { vr: "DS", Value: [40] } })).toBe(25);
  expect(frameRateOf({ "00180040": { vr: "IS", Value: [15] }, "00082144": { vr: "IS", Value: [30] } })).toBe(
    30,
  );
  expect(frameRateOf({ "00181063": { vr: "DS", Value: [1] } })).toBe(60);
  expect(frameRateOf({ "00180040": { vr: "IS", Value: [0] } })).toBe(10);
});
