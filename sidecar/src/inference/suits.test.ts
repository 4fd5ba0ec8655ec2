import { expect, test } from "vitest";
import type { Model } from "./model-registry.js";
import { suits } from "./suits.js";
import type { VolumeGeometry } from "./volume.js";

function model(appliesTo: object, units = "arbitrary"): Model {
  return {
    manifest: { appliesTo: { minimumSlices: 2, ...appliesTo }, preprocessing: { units } },
  } as unknown as Model;
}

function volume(change: object = {}): VolumeGeometry {
  return {
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    normal: [0, 0, 1],
    rowSpacingMm: 0.5,
    columnSpacingMm: 0.5,
    sliceSpacingMm: 5,
    units: "HU",
    slices: [{}, {}],
    ...change,
  } as unknown as VolumeGeometry;
}

test.each<[string, object, object, string | undefined]>([
  ["that keeps all limits", { sliceSpacingMm: { minimum: 1, maximum: 5 } }, {}, undefined],
  ["at a limit but for rounding", { sliceSpacingMm: { maximum: 5 } }, { sliceSpacingMm: 5.0004 }, undefined],
  ["of too few slices", { minimumSlices: 3 }, {}, "too-few-slices"],
  ["of sagittal slices", {}, { normal: [1, 0, 0] }, "plane-unsuitable"],
  ["whose slices are too far apart", { sliceSpacingMm: { maximum: 4 } }, {}, "spacing-unsuitable"],
  ["whose slices are too close", { sliceSpacingMm: { minimum: 5.1 } }, {}, "spacing-unsuitable"],
  ["of coarse rows", { pixelSpacingMm: { maximum: 0.7 } }, { rowSpacingMm: 0.9 }, "spacing-unsuitable"],
  ["of coarse columns", { pixelSpacingMm: { maximum: 0.7 } }, { columnSpacingMm: 0.9 }, "spacing-unsuitable"],
])("a volume %s", (_, appliesTo, change, code) => {
  expect(suits(model(appliesTo), volume(change))?.code).toBe(code);
});

test("a model for Hounsfield units does not take other values, any other takes all", () => {
  expect(suits(model({}, "HU"), volume())).toBeUndefined();
  expect(suits(model({}, "HU"), volume({ units: "arbitrary" }))?.code).toBe("units-unsuitable");
  expect(suits(model({}), volume({ units: "arbitrary" }))).toBeUndefined();
});
