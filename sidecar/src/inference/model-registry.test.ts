import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appliesTo, loadModels, type SeriesFacts } from "./model-registry.js";

const SHIPPED = fileURLToPath(new URL("../../models/tumor_detection", import.meta.url));
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "neuronova-models-"));
  await cp(SHIPPED, join(directory, "good"), { recursive: true });
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function bundle(name: string, change: (manifest: Record<string, unknown>) => void): Promise<void> {
  await cp(SHIPPED, join(directory, name), { recursive: true });
  const path = join(directory, name, "manifest.json");
  const manifest = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  change(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

describe("the model registry", () => {
  test("loads what ships, with its figures", async () => {
    const { models, refused } = await loadModels(join(SHIPPED, ".."));
    expect(refused).toEqual([]);
    expect(models.map(({ manifest }) => manifest.name)).toContain("tumor_detection");
    const { manifest } = models.find((model) => model.manifest.name === "tumor_detection") ?? {};
    expect(manifest?.notice).toMatch(/demonstration/i);
    expect(manifest?.evaluation.figures["pooledDice"]).toBeGreaterThanOrEqual(0.85);
  });

  test("refuses each broken bundle with the reason, and goes on with the others", async () => {
    await writeFile(join(directory, "a-file"), "not a folder");
    await bundle("a-invalid", (manifest) => (manifest["version"] = "one"));
    await bundle("b-unknown-setting", (manifest) => (manifest["surprise"] = true));
    await bundle("c-altered", () => undefined);
    await writeFile(join(directory, "c-altered", "weights.bin"), "other weights");
    await bundle("d-missing", () => undefined);
    await rm(join(directory, "d-missing", "model.json"));
    await bundle("e-escaping", (manifest) => {
      (manifest["files"] as { weights: { path: string } }).weights.path = "../good/weights.bin";
    });
    await bundle("f-no-json", () => undefined);
    await writeFile(join(directory, "f-no-json", "manifest.json"), "{");
    await bundle("g-pattern", (manifest) => {
      (manifest["appliesTo"] as { seriesDescription: string }).seriesDescription = "brain(";
    });
    await bundle("twin", () => undefined);

    const { models, refused } = await loadModels(directory);
    expect(models).toHaveLength(1);
    const reasons = Object.fromEntries(refused.map(({ folder, reason }) => [folder, reason]));
    expect(reasons["a-invalid"]).toMatch(/version/);
    expect(reasons["b-unknown-setting"]).toMatch(/surprise/);
    expect(reasons["c-altered"]).toMatch(/weights\.bin .*SHA-256/);
    expect(reasons["d-missing"]).toMatch(/model\.json is missing/);
    expect(reasons["e-escaping"]).toMatch(/plain file name/);
    expect(reasons["f-no-json"]).toMatch(/not JSON/);
    expect(reasons["g-pattern"]).toMatch(/regular expression/);
    expect(reasons["twin"]).toMatch(/another folder/);
    expect(refused).toHaveLength(8);
  });

  test("of a directory that is not there is empty, and says why", async () => {
    const { models, refused } = await loadModels(join(directory, "nowhere"));
    expect(models).toEqual([]);
    expect(refused[0]?.reason).toMatch(/cannot be read/);
  });
});

describe("a model applies", () => {
  const series: SeriesFacts = {
    modality: "MR",
    bodyPartExamined: "BRAIN",
    seriesDescription: "T1 axial",
    instanceCount: 24,
  };

  test.each<[string, Partial<SeriesFacts>, boolean]>([
    ["to a brain MR", {}, true],
    ["to one whose description alone says so", { bodyPartExamined: "", seriesDescription: "Brain T1" }, true],
    [
      "not to a series that says nothing of the brain",
      { bodyPartExamined: "", seriesDescription: "ax" },
      false,
    ],
    ["not to another body part", { bodyPartExamined: "KNEE" }, false],
    ["not to a CT", { modality: "CT" }, false],
    ["not to its own results", { modality: "SEG" }, false],
    ["not to a localizer", { seriesDescription: "Localizer 3 plane" }, false],
    ["not to a sequence that it was not made for", { seriesDescription: "Ax T2 FLAIR" }, false],
    ["not to two slices", { instanceCount: 2 }, false],
  ])("%s", async (_, facts, applies) => {
    const [model] = (await loadModels(directory)).models;
    if (model === undefined) throw new Error("no model");
    expect(appliesTo(model, { ...series, ...facts }).applies).toBe(applies);
  });
});
