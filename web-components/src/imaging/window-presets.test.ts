import { expect, test } from "vitest";
import { rangeOf, windowOf } from "./voi-window.js";
import { CT_PRESETS, presetsFor } from "./window-presets.js";

test("there are presets for Hounsfield units only", () => {
  expect(presetsFor("HU")).toBe(CT_PRESETS);
  for (const unit of ["", "BQML", undefined]) expect(presetsFor(unit)).toEqual([]);
});

test("a window is the range that LINEAR makes of it, and back", () => {
  expect(rangeOf({ width: 80, centre: 40 })).toEqual({ lower: 0, upper: 79 });
  for (const preset of CT_PRESETS)
    expect(windowOf(rangeOf(preset))).toEqual({ width: preset.width, centre: preset.centre });
});
