import { describe, expect, test } from "vitest";
import { DataSet } from "../dicom/data-set.js";
import type { OrthancId } from "../dicom/uid.js";
import { AnalysisError } from "./analysis-error.js";
import { assembleVolume, type SourceInstance } from "./volume.js";

type Tags = Record<string, string | undefined | readonly Tags[]>;

/** In the form of Orthanc's `/instances/{id}/tags`. */
function json(tags: Tags): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([tag, Value]) => {
      if (Value === undefined) return [];
      return [
        [
          tag,
          typeof Value === "string"
            ? { Type: "String", Value }
            : { Type: "Sequence", Value: Value.map(json) },
        ],
      ];
    }),
  );
}

const at = (z: number, more: Tags = {}): Tags => ({
  "0020,9113": [{ "0020,0032": `-10\\-20\\${z}` }],
  ...more,
});

function enhanced(frames: readonly Tags[], attributes: Tags = {}, shared: Tags = {}): SourceInstance {
  const dataSet = {
    "0008,0016": "1.2.840.10008.5.1.4.1.1.4.1",
    "0008,0060": "MR",
    "0020,0052": "1.2.3",
    ...{ "0028,0010": "4", "0028,0011": "6", "0028,0002": "1", "0028,0004": "MONOCHROME2" },
    ...{ "0028,0100": "16", "0028,0101": "12", "0028,0103": "0", "0028,0008": String(frames.length) },
    "5200,9229": [
      {
        "0020,9116": [{ "0020,0037": "1\\0\\0\\0\\1\\0" }],
        "0028,9110": [{ "0028,0030": "0.5\\0.75", "0018,0050": "3" }],
        ...shared,
      },
    ],
    "5200,9230": frames,
    ...attributes,
  };
  return {
    orthancId: "o" as OrthancId,
    sopInstanceUid: "1.2.9",
    dataSet: DataSet.fromOrthancTags(json(dataSet)),
  };
}

function refusal(instance: SourceInstance): readonly [code: string, reason: string] {
  try {
    assembleVolume([instance]);
    return ["assembled", ""];
  } catch (error) {
    if (error instanceof AnalysisError) return [error.code, error.message];
    throw error;
  }
}

describe("the frames of an Enhanced image", () => {
  test("are slices by their own position, named by instance and frame", () => {
    const { slices, ...geometry } = assembleVolume([enhanced([at(10), at(0), at(5)])]);
    expect(slices.map(({ frameIndex, frameNumber }) => [frameIndex, frameNumber])).toEqual([
      [1, 2],
      [2, 3],
      [0, 1],
    ]);
    expect(slices.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(["1.2.9", "1.2.9", "1.2.9"]);
    expect(geometry).toMatchObject({ rowSpacingMm: 0.5, columnSpacingMm: 0.75, sliceSpacingMm: 5 });
  });

  test("have their own rescale and orientation, else the shared one", () => {
    const rescale = (slope: string) => ({
      "0028,9145": [{ "0028,1052": "-5", "0028,1053": slope, "0028,1054": "US" }],
    });
    const frames = [at(0, rescale("3")), at(5)];
    const { slices } = assembleVolume([enhanced(frames, {}, rescale("2"))]);
    expect(slices.map(({ rescale: { slope, intercept } }) => [slope, intercept])).toEqual([
      [3, -5],
      [2, -5],
    ]);
    const turned = at(5, { "0020,9116": [{ "0020,0037": "0\\1\\0\\0\\0\\-1" }] });
    expect(refusal(enhanced([at(0), turned]))[0]).toBe("slices-not-parallel");
  });

  test("of two stacks, echoes or points in time are refused by what tells them apart", () => {
    const of = (group: string, tag: string) =>
      refusal(
        enhanced(["1", "2"].flatMap((value) => [0, 5].map((z) => at(z, { [group]: [{ [tag]: value }] })))),
      );
    const found = "the series has 2 images at each of its 2 positions; they differ in";
    expect(of("0020,9111", "0020,9056")).toEqual(["stacks-several", `${found} Stack ID (1, 2)`]);
    expect(of("0018,9114", "0018,9082")).toEqual(["stacks-several", `${found} Effective Echo Time (1, 2)`]);
    expect(of("0020,9111", "0020,9128")).toEqual([
      "stacks-several",
      `${found} Temporal Position Index (1, 2)`,
    ]);
    expect(of("0018,9117", "0018,9087")).toEqual(["stacks-several", `${found} Diffusion b-value (1, 2)`]);
  });

  test.each([
    ["a frame without position", enhanced([at(0), {}]), "position-missing"],
    ["no orientation", enhanced([at(0)], {}, { "0020,9116": undefined }), "orientation-missing"],
    ["no pixel measures", enhanced([at(0)], {}, { "0028,9110": undefined }), "pixel-spacing-missing"],
    [
      "groups of fewer frames than it has",
      enhanced([at(0)], { "0028,0008": "2" }),
      "functional-groups-invalid",
    ],
    [
      "a CT frame without rescale",
      enhanced([at(0)], { "0008,0016": "1.2.840.10008.5.1.4.1.1.2.1", "0008,0060": "CT" }),
      "rescale-missing",
    ],
    [
      "another multi-frame image",
      enhanced([at(0)], { "0008,0016": "1.2.840.10008.5.1.4.1.1.20" }),
      "multi-frame-not-supported",
    ],
  ] as const)("are refused for %s", (_, instance, code) => {
    expect(refusal(instance)[0]).toBe(code);
  });
});
