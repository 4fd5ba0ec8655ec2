import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { modelManifest, modelManifestSchema } from "./model-manifest.js";

const MODELS = new URL("../../models/", import.meta.url);
const read = async (path: string) => JSON.parse(await readFile(new URL(path, MODELS), "utf8")) as unknown;
const segmentation = (await read("tumor_detection/manifest.json")) as Record<string, unknown>;

const code = { value: "1", scheme: "99TEST", meaning: "Test" };
const score = {
  name: "stroke",
  title: "Stroke",
  code,
  output: "risk",
  channel: 0,
  aggregation: { kind: "mean-of-highest", slices: 3 },
  range: [0, 1],
  meaning: "0: no sign of it, 1: certain",
  bands: [
    { from: 0, label: "low", code },
    { from: 0.5, label: "high", code },
  ],
};
const outputs = [
  {
    name: "risk",
    kind: "vector",
    layout: "NC",
    channels: 1,
    range: [0, 1],
    meaning: ["Probability of stroke"],
  },
  {
    name: "where",
    kind: "map",
    layout: "NHWC",
    channels: 1,
    range: [0, 1],
    stride: 8,
    meaning: ["Evidence"],
  },
];
const drawn = {
  label: "Evidence",
  description: "Where",
  category: code,
  type: code,
  anatomicRegion: code,
  colorRgb: [1, 2, 3],
};
const { segments, network, ...rest } = segmentation;
const riskScore = {
  ...rest,
  task: "risk-score",
  scores: [score],
  network: { ...(network as object), outputs },
  attention: { output: "where", channel: 0, minimum: 0.1, ...drawn },
};

function refusals(manifest: unknown): string[] {
  const parsed = modelManifest.safeParse(manifest);
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("a manifest", () => {
  test("of a segmentation and of a risk score is taken", () => {
    expect(refusals(segmentation)).toEqual([]);
    expect(refusals(riskScore)).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ["an engine that does not run its format", { engine: "onnx" }, /engine/],
    ["a format that is not known", { format: "pickle" }, /format/],
    ["files of another format", { format: "onnx", engine: "onnx" }, /files/],
    ["a remote model without a server", { engine: "remote", format: "open-inference", files: {} }, /remote/],
    ["no limitations", { limitations: [] }, /limitations/],
    ["no regulatory status", { regulatoryStatus: undefined }, /regulatoryStatus/],
    ["a risk score without scores", { scores: [] }, /scores: a risk-score names its scores/],
    ["segments of a risk score", { segments }, /segments: only a segmentation/],
    ["a score of a map", { scores: [{ ...score, output: "where" }] }, /names a vector output/],
    ["a score of a channel that is not there", { scores: [{ ...score, channel: 1 }] }, /risk has 1 channels/],
    ["bands that leave a gap", { scores: [{ ...score, bands: score.bands.slice(1) }] }, /first band starts/],
    [
      "bands out of order",
      { scores: [{ ...score, bands: [score.bands[0], ...score.bands] }] },
      /bands ascend/,
    ],
    [
      "attention of a vector",
      { attention: { output: "risk", channel: 0, minimum: 0.1, ...drawn } },
      /names a map/,
    ],
    ["a schema version of old", { schemaVersion: 1 }, /schemaVersion/],
  ])("is refused for %s", (_, change, reason) => {
    expect(refusals({ ...riskScore, ...change }).join("\n")).toMatch(reason);
  });

  test.each<[string, object, RegExp]>([
    ["without segments", { segments: [] }, /names its segments/],
    ["with scores", { scores: [score] }, /has no scores/],
    ["of a network that answers no pixels", { network: riskScore.network }, /one per-pixel output/],
  ])("of a segmentation %s is refused", (_, change, reason) => {
    expect(refusals({ ...segmentation, ...change }).join("\n")).toMatch(reason);
  });
});

describe("the JSON Schema", () => {
  test("in models/ is the one that the program goes by", async () => {
    expect(await read("manifest.schema.json")).toEqual(JSON.parse(JSON.stringify(modelManifestSchema())));
  });

  test("takes and refuses what the program does", () => {
    const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(
      modelManifestSchema(),
    );
    expect(validate(segmentation), JSON.stringify(validate.errors)).toBe(true);
    expect(validate(riskScore), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...riskScore, version: "one" })).toBe(false);
    expect(validate({ ...riskScore, surprise: true })).toBe(false);
  });
});
