import { expect, test } from "vitest";
import { DataSet } from "../dicom/data-set.js";
import type { Model } from "./model-registry.js";
import { suits } from "./suits.js";
import type { VolumeGeometry } from "./volume.js";

function model(appliesTo: object, units = "arbitrary"): Model {
  return {
    manifest: { appliesTo: { minimumSlices: 2, ...appliesTo }, preprocessing: { units } },
  } as unknown as Model;
}

function volume(tags: Record<string, string> = { "0008,0060": "CT" }, change: object = {}): VolumeGeometry {
  const dataSet = DataSet.fromOrthancTags(
    Object.fromEntries(Object.entries(tags).map(([tag, Value]) => [tag, { Type: "String", Value }])),
  );
  return {
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    normal: [0, 0, 1],
    rowSpacingMm: 0.5,
    columnSpacingMm: 0.5,
    sliceSpacingMm: 5,
    slices: [{ dataSet }, { dataSet }],
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
  expect(suits(model(appliesTo), volume(undefined, change))?.code).toBe(code);
});

test.each<[string, Record<string, string>, boolean]>([
  ["a CT that does not say: it is in HU", { "0008,0060": "CT" }, true],
  ["a CT that says so", { "0008,0060": "CT", "0028,1054": "HU" }, true],
  ["a CT of something else", { "0008,0060": "CT", "0028,1054": "US" }, false],
  ["an MR", { "0008,0060": "MR" }, false],
])("of a model for Hounsfield units: %s", (_, tags, takes) => {
  expect(suits(model({}, "HU"), volume(tags))?.code).toBe(takes ? undefined : "units-unsuitable");
  expect(suits(model({}), volume(tags))).toBeUndefined();
});
