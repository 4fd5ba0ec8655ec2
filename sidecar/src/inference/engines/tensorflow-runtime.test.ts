import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadModel, type Model } from "../model-registry.js";
import { inProcessEngine } from "./in-process-engine.js";
import { TensorflowRuntime } from "./tensorflow-runtime.js";

const SHIPPED = fileURLToPath(new URL("../../../models/tumor_detection", import.meta.url));
let model: Model;
let runtime: TensorflowRuntime;

beforeAll(async () => {
  model = await loadModel(SHIPPED);
  runtime = await TensorflowRuntime.start();
});

afterAll(() => runtime.dispose());

test("says what computes, and never computes on the slow backend", () => {
  expect(runtime.engine).toMatch(/^tfjs-(wasm|node|node-gpu) \d/);
});

test("keeps no tensor over 1,000 runs", async () => {
  const engine = inProcessEngine(runtime);
  const batch = { rows: 16, columns: 16, planes: [new Float32Array(256).fill(0.5)] };
  await engine.infer(model, batch);
  const before = runtime.tensorCount();
  for (let run = 0; run < 1_000; run++) await engine.infer(model, batch);
  expect(runtime.tensorCount()).toBe(before);
});

test("keeps no tensor of an answer that it refuses, nor of a run that fails", async () => {
  const [output] = model.manifest.network.outputs;
  if (output === undefined) throw new Error("no output");
  const network = { ...model.manifest.network, outputs: [{ ...output, channels: 2, meaning: ["a", "b"] }] };
  const wrong: Model = { ...model, manifest: { ...model.manifest, network } };
  const tooSmall: Model = {
    ...model,
    manifest: {
      ...model.manifest,
      preprocessing: { ...model.manifest.preprocessing, sizeMultiple: 1 },
    },
  };
  const engine = inProcessEngine(runtime);
  const invalid = () => engine.infer(wrong, { rows: 16, columns: 16, planes: [new Float32Array(256)] });
  const failing = () => engine.infer(tooSmall, { rows: 9, columns: 9, planes: [new Float32Array(81)] });
  await expect(invalid()).rejects.toMatchObject({ code: "model-output-invalid" });
  await expect(failing()).rejects.toMatchObject({ code: "model-run-failed" });
  const before = runtime.tensorCount();
  for (let run = 0; run < 20; run++) {
    await expect(invalid()).rejects.toThrow();
    await expect(failing()).rejects.toThrow();
  }
  expect(runtime.tensorCount()).toBe(before);
});
