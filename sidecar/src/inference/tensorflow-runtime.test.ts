import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acquire, axialGrid, type AcquiredSlice, type AcquisitionGrid } from "../phantom/acquire.js";
import { createHead } from "../phantom/head.js";
import { inProcessEngine } from "./in-process-engine.js";
import { loadModel, type Model } from "./model-registry.js";
import { runModel } from "./run-model.js";
import { TensorflowRuntime } from "./tensorflow-runtime.js";
import type { VolumeGeometry, VolumeSlice } from "./volume.js";

const SHIPPED = fileURLToPath(new URL("../../models/tumor_detection", import.meta.url));
let model: Model;
let runtime: TensorflowRuntime;

beforeAll(async () => {
  model = await loadModel(SHIPPED);
  runtime = await TensorflowRuntime.start();
  await runtime.warm(model);
});

afterAll(() => {
  runtime.dispose();
});

function geometryOf(grid: AcquisitionGrid, slices: readonly AcquiredSlice[]): VolumeGeometry {
  return {
    ...grid,
    normal: grid.sliceDirection,
    sliceThicknessMm: grid.sliceSpacingMm,
    frameOfReferenceUid: "1.2.3",
    units: "arbitrary",
    slices: Array.from(
      { length: grid.slices },
      (_, at) => ({ positionMm: slices[at]?.positionMm }) as VolumeSlice,
    ),
  };
}

describe("the TensorFlow runtime", () => {
  test("says what computes, and never computes on the slow backend", () => {
    expect(runtime.engine).toMatch(/^tfjs-(wasm|node|node-gpu) \d/);
  });

  test("keeps no tensor, however often it runs", async () => {
    const plane = new Float32Array(32 * 48).fill(0.5);
    const batch = { rows: 32, columns: 48, planes: Array.from({ length: 11 }, () => plane) };
    await runtime.infer(model, batch);
    const before = runtime.tensorCount();
    for (let round = 0; round < 5; round++) await runtime.infer(model, batch);
    expect(runtime.tensorCount()).toBe(before);
  });

  test("answers each plane alike whichever others are beside it", async () => {
    const planes = Array.from({ length: 10 }, (_, seed) =>
      Float32Array.from({ length: 32 * 32 }, (_unused, at) => Math.abs(Math.sin(at * (seed + 1)))),
    );
    const together = await runtime.infer(model, { rows: 32, columns: 32, planes });
    const alone = await runtime.infer(model, { rows: 32, columns: 32, planes: planes.slice(9) });
    alone.outputs[0]?.[0]?.forEach((value, at) =>
      expect(Math.abs(value - (together.outputs[0]?.[9]?.[at] ?? NaN))).toBeLessThan(1e-5),
    );
  });

  test("refuses an answer that does not fit the manifest", async () => {
    const { manifest } = model;
    const wrong = (change: object) => ({
      ...model,
      manifest: {
        ...manifest,
        network: {
          ...manifest.network,
          outputs: manifest.network.outputs.map((output) => ({ ...output, ...change })),
        },
      },
    });
    const planes = [new Float32Array(256)];
    for (const change of [{ channels: 2 }, { name: "another" }, { range: [2, 3] as const }])
      await expect(
        runtime.infer(wrong(change), { rows: 16, columns: 16, planes }),
        JSON.stringify(change),
      ).rejects.toMatchObject({ code: "model-output-invalid" });
  });
});

describe("running the demo model", () => {
  test("finds the lesion where it is, on the source's grid, and measures it", async () => {
    const grid = axialGrid(16, 100, 116);
    const head = createHead({ seed: 9_000_500, lesion: { centreMm: [-30, 20, 20], radiusMm: 14 } });
    const slices = acquire(head, grid, { seed: 1 });
    const readPlane = (slice: number) => Promise.resolve(Float32Array.from(slices[slice]?.samples ?? []));
    const answer = await runModel(model, inProcessEngine(runtime), geometryOf(grid, slices), readPlane);
    let [overlap, found, truth] = [0, 0, 0];
    slices.forEach(({ lesion }, slice) =>
      lesion.forEach((inLesion, at) => {
        const inAnswer = answer.labels[slice]?.[at] ?? 0;
        overlap += inLesion * inAnswer;
        found += inAnswer;
        truth += inLesion;
      }),
    );
    expect((2 * overlap) / (found + truth)).toBeGreaterThan(0.8);
    const [measured] = answer.measurements;
    expect(measured?.voxelCount).toBe(found);
    const voxelMl = (grid.rowSpacingMm * grid.columnSpacingMm * grid.sliceSpacingMm) / 1000;
    expect(measured?.volumeMl).toBeCloseTo(found * voxelMl, 3);
    // A sphere of 14 mm, a little wobbly, on slices of 7.5 mm.
    expect(measured?.longestDiameterMm).toBeGreaterThan(22);
    expect(measured?.longestDiameterMm).toBeLessThan(38);
    const intensities = slices.flatMap(({ samples }, slice) =>
      [...samples].filter((_, at) => answer.labels[slice]?.[at] === 1),
    );
    expect(measured?.meanIntensity).toBeCloseTo(intensities.reduce((sum, value) => sum + value) / found, 2);
    expect(measured?.meanProbability).toBeGreaterThan(0.5);
    expect(measured?.meanProbability).toBeLessThanOrEqual(1);
  });

  test("refuses images without contrast", async () => {
    const grid = axialGrid(4, 32, 32);
    const readPlane = () => Promise.resolve(new Float32Array(1024));
    await expect(
      runModel(model, inProcessEngine(runtime), geometryOf(grid, []), readPlane),
    ).rejects.toMatchObject({
      code: "no-contrast",
      retryable: false,
    });
  });
});
