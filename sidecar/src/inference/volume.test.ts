import { describe, expect, test } from "vitest";
import { DataSet } from "../dicom/data-set.js";
import type { OrthancId } from "../dicom/uid.js";
import { AnalysisError } from "./analysis-error.js";
import { assembleVolume, type SourceInstance } from "./volume.js";

const AXIAL = "1\\0\\0\\0\\1\\0";

function instance(z: number, attributes: Record<string, string | undefined> = {}): SourceInstance {
  const values: Record<string, string | undefined> = {
    "0020,0037": AXIAL,
    "0020,0032": `-10\\-20\\${z}`,
    "0020,0052": "1.2.3",
    "0028,0030": "0.5\\0.75",
    "0028,0010": "4",
    "0028,0011": "6",
    "0028,0002": "1",
    "0028,0004": "MONOCHROME2",
    "0028,0100": "16",
    "0028,0101": "12",
    "0028,0103": "0",
    "0018,0050": "3",
    ...attributes,
  };
  const tags = Object.entries(values).flatMap(([tag, Value]) =>
    Value === undefined ? [] : [[tag, { Name: "", Type: "String", Value }]],
  );
  return {
    orthancId: String(z) as OrthancId,
    sopInstanceUid: `1.2.${z}`,
    dataSet: DataSet.fromOrthancTags(Object.fromEntries(tags)),
  };
}

function ct(z: number, attributes: Record<string, string | undefined> = {}): SourceInstance {
  return instance(z, { "0008,0060": "CT", "0028,1052": "-1024", "0028,1053": "1", ...attributes });
}

/** The reason for people. */
function reasonOf(instances: readonly SourceInstance[]): string {
  try {
    assembleVolume(instances);
    return "assembled";
  } catch (error) {
    return (error as AnalysisError).message;
  }
}

function codeOf(instances: readonly SourceInstance[]): string {
  try {
    assembleVolume(instances);
    return "assembled";
  } catch (error) {
    if (error instanceof AnalysisError) return error.code;
    throw error;
  }
}

describe("a volume", () => {
  test("is sorted by position along the normal, not by arrival", () => {
    const { slices, normal, sliceSpacingMm } = assembleVolume([10, 0, 15, 5].map((z) => instance(z)));
    expect(slices.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual([
      "1.2.0",
      "1.2.5",
      "1.2.10",
      "1.2.15",
    ]);
    expect(normal).toEqual([0, 0, 1]);
    expect(sliceSpacingMm).toBe(5);
  });

  test("is sorted along its own normal when rows run the other way", () => {
    const flipped = { "0020,0037": "-1\\0\\0\\0\\1\\0" };
    const { slices, normal } = assembleVolume([0, 5, 10].map((z) => instance(z, flipped)));
    expect(normal[2]).toBe(-1);
    expect(slices.map(({ positionMm }) => positionMm[2])).toEqual([10, 5, 0]);
  });

  test("knows row spacing from column spacing", () => {
    const { rowSpacingMm, columnSpacingMm, rows, columns } = assembleVolume([instance(0), instance(5)]);
    expect({ rowSpacingMm, columnSpacingMm, rows, columns }).toEqual({
      rowSpacingMm: 0.5,
      columnSpacingMm: 0.75,
      rows: 4,
      columns: 6,
    });
  });

  test("takes the distance between slices from their positions, not from what the header says", () => {
    const lying = { "0018,0050": "1", "0018,0088": "2" };
    expect(assembleVolume([0, 7, 14].map((z) => instance(z, lying))).sliceSpacingMm).toBe(7);
  });

  test("of one slice is as thick as the slice", () => {
    expect(assembleVolume([instance(0)]).sliceSpacingMm).toBe(3);
    expect(codeOf([instance(0, { "0018,0050": undefined })])).toBe("slice-thickness-missing");
  });

  test.each([
    ["no instance", [], "instances-missing"],
    ["a missing orientation", [instance(0), instance(5, { "0020,0037": undefined })], "orientation-missing"],
    [
      "an orientation that is none",
      [instance(0, { "0020,0037": "1\\0\\0\\1\\0\\0" })],
      "orientation-invalid",
    ],
    ["an orientation of four values", [instance(0, { "0020,0037": "1\\0\\0\\0" })], "orientation-invalid"],
    ["a missing position", [instance(0), instance(5, { "0020,0032": undefined })], "position-missing"],
    ["a position of two values", [instance(0, { "0020,0032": "1\\2" })], "position-missing"],
    [
      "a scout among the slices",
      [instance(0), instance(5), instance(10, { "0020,0037": "0\\1\\0\\0\\0\\-1" })],
      "slices-not-parallel",
    ],
    [
      "slices turned in plane",
      [instance(0), instance(5, { "0020,0037": "0\\1\\0\\-1\\0\\0" })],
      "orientation-mixed",
    ],
    ["two slices in one place", [instance(0), instance(5), instance(5)], "position-duplicate"],
    ["a missing slice", [0, 5, 10, 20, 25].map((z) => instance(z)), "slices-missing"],
    ["slices at odd distances", [0, 5, 10, 17, 22].map((z) => instance(z)), "spacing-irregular"],
    ["two echoes", [0, 5, 0, 5].map((z) => instance(z)), "stacks-several"],
    ["Hounsfield units among others", [ct(0), ct(5, { "0028,1054": "US" })], "units-mixed"],
    ["CT without rescale", [ct(0, { "0028,1052": undefined })], "rescale-missing"],
    ["a rescale that is no number", [ct(0, { "0028,1053": "one" })], "rescale-invalid"],
    [
      "a tilted gantry",
      [0, 1, 2].map((n) => instance(5 * n, { "0020,0032": `0\\${2 * n}\\${5 * n}` })),
      "slices-sheared",
    ],
    ["differing matrices", [instance(0), instance(5, { "0028,0010": "8" })], "matrix-mixed"],
    [
      "differing pixel spacing",
      [instance(0), instance(5, { "0028,0030": "0.5\\0.5" })],
      "pixel-spacing-mixed",
    ],
    ["no pixel spacing", [instance(0, { "0028,0030": undefined })], "pixel-spacing-missing"],
    [
      "two frames of reference",
      [instance(0), instance(5, { "0020,0052": "1.2.4" })],
      "frame-of-reference-mixed",
    ],
    ["no frame of reference", [instance(0, { "0020,0052": undefined })], "frame-of-reference-missing"],
    ["multi-frame images", [instance(0, { "0028,0008": "10" })], "multi-frame-not-supported"],
    ["colour images", [instance(0, { "0028,0004": "RGB", "0028,0002": "3" })], "not-greyscale"],
    ["32-bit images", [instance(0, { "0028,0100": "32" })], "pixel-format-unknown"],
  ] as const)("is refused for %s", (_, instances, code) => {
    expect(codeOf(instances)).toBe(code);
  });

  test("bears the rounding of scanners", () => {
    const rounded = { "0020,0037": "1.000000\\0.0000004\\0\\0\\0.9999999\\0" };
    expect(codeOf([instance(0), instance(4.999), instance(10.001, rounded)])).toBe("assembled");
  });

  test("of CT is in Hounsfield units unless its Rescale Type says otherwise; of MR never", () => {
    expect(assembleVolume([ct(0)]).units).toBe("HU");
    expect(assembleVolume([ct(0, { "0028,1054": "HU" })]).units).toBe("HU");
    expect(assembleVolume([ct(0, { "0028,1054": "US" })]).units).toBe("arbitrary");
    expect(assembleVolume([instance(0, { "0028,1054": "HU" })]).units).toBe("arbitrary");
  });

  test("that is refused says what was found", () => {
    const echo = (time: string) => [0, 5, 10].map((z) => instance(z, { "0018,0081": time }));
    expect(reasonOf([...echo("15"), ...echo("90")])).toBe(
      "the series has 2 images at each of its 3 positions; they differ in Echo Time (15, 90)",
    );
    expect(reasonOf([instance(0), instance(5), instance(5)])).toBe(
      "1 of the 2 positions have more than one image",
    );
    const sagittal = { "0020,0037": "0\\1\\0\\0\\0\\-1" };
    expect(reasonOf([instance(0), instance(5), instance(10, sagittal)])).toBe(
      "the slices are not parallel: 2 axial, 1 sagittal, in 2 orientations",
    );
    expect(reasonOf([0, 5, 10, 25, 30].map((z) => instance(z)))).toBe(
      "the slices are 5.00 mm apart, and 2 of them are missing in between",
    );
    const tilted = [0, 1, 2].map((n) => instance(5 * n, { "0020,0032": `0\\${1.34 * n}\\${5 * n}` }));
    expect(reasonOf(tilted)).toBe(
      "the slices are not above each other: from one to the next they shift by 1.34 mm, as of a gantry tilted by 15.0°",
    );
  });

  test("is refused for the same reason in whatever order its images came", () => {
    const series = [0, 5, 10].flatMap((z) => ["90", "15"].map((time) => instance(z, { "0018,0081": time })));
    const named = series.map((one, index) => ({ ...one, sopInstanceUid: `1.2.${index}` }));
    expect(reasonOf([...named].reverse())).toBe(reasonOf(named));
  });
});
