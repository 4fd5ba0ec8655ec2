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

test("they are the windows that radiology uses", () => {
  expect(presetsFor("HU").map(({ name, width, centre }) => `${name} ${width} ${centre}`)).toEqual([
    "presetBrain 80 40",
    "presetSubdural 200 75",
    "presetStroke 40 40",
    "presetBone 1800 400",
    "presetLung 1500 -600",
    "presetMediastinum 350 50",
    "presetAbdomen 400 50",
    "presetLiver 150 30",
  ]);
});
