import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acquireCt, CT_RESCALE_INTERCEPT } from "../phantom/acquire-ct.js";
import { axialGrid } from "../phantom/acquire.js";
import { createCtHead, type StrokePlan } from "../phantom/ct-head.js";
import { inProcessEngine } from "./engines/in-process-engine.js";
import { loadModel, type Model } from "./model-registry.js";
import { runModel } from "./run-model.js";
import { TensorflowRuntime } from "./engines/tensorflow-runtime.js";
import type { VolumeGeometry, VolumeSlice } from "./volume.js";

let model: Model;
let runtime: TensorflowRuntime;

beforeAll(async () => {
  model = await loadModel(fileURLToPath(new URL("../../models/stroke_risk", import.meta.url)));
  runtime = await TensorflowRuntime.start();
});

afterAll(() => runtime.dispose());

async function scored(stroke: StrokePlan | "none") {
  const grid = axialGrid(12, 128, 128);
  const slices = acquireCt(createCtHead({ seed: 2, stroke }), grid, { seed: 2000 });
  const geometry: VolumeGeometry = {
    ...grid,
    normal: grid.sliceDirection,
    sliceThicknessMm: grid.sliceSpacingMm,
    frameOfReferenceUid: "1.2.3",
    units: "HU",
    slices: slices.map(({ positionMm }) => ({ positionMm }) as VolumeSlice),
  };
  const readPlane = (slice: number) =>
    Promise.resolve(
      Float32Array.from(slices[slice]?.samples ?? [], (sample) => sample + CT_RESCALE_INTERCEPT),
    );
  return { slices, ...(await runModel(model, inProcessEngine(runtime), geometry, readPlane)) };
}

test("says in its manifest that it is a demonstration, and how well it does", () => {
  const { notice, evaluation, limitations } = model.manifest;
  expect(notice).toMatch(/demonstration/i);
  expect(limitations.join(" ")).toMatch(/phantoms are not patients/i);
  expect(evaluation.figures["auroc"]).toBeGreaterThanOrEqual(0.8);
  expect(evaluation.figures["brier"]).toBeLessThan(0.2);
  expect(evaluation.reliability?.reduce((sum, { count }) => sum + count, 0)).toBe(
    evaluation.figures["phantoms"],
  );
});

test("scores a large infarct high, with its attention in it, on the images' grid", async () => {
  const { scores, attention, slices, labels, measurements } = await scored({
    kind: "infarct",
    centreMm: [-38, 4, 22],
    radiusMm: 24,
  });
  expect(scores[0]?.band.label).toBe("High");
  expect(scores[0]?.value).toBeGreaterThan(0.6);
  expect([labels, measurements]).toEqual([[], []]);
  let [inStroke, all] = [0, 0];
  slices.forEach(({ stroke }, slice) =>
    stroke.forEach((isStroke, at) => {
      const value = attention?.[slice]?.[at] ?? 0;
      all += value;
      inStroke += isStroke * value;
    }),
  );
  // By chance it would be a hundredth.
  expect(inStroke / all).toBeGreaterThan(0.25);
});

test("scores the same head without a stroke low", async () => {
  const { scores } = await scored("none");
  expect(scores[0]?.band.label).toBe("Low");
});
