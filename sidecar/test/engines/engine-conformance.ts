import { describe, expect, test } from "vitest";
import type { Engine, EngineAnswer, PlaneBatch } from "../../src/inference/engine.js";
import type { Model } from "../../src/inference/model-registry.js";

/** Float32 arithmetic in another order; probabilities are 0 to 1. */
const TOLERANCE = 1e-4;

export interface ConformingEngine {
  readonly engine: Engine;
  readonly model: Model;
}

/** What every engine does alike; `reference` is the answer of the one that they are compared with. */
export function engineConforms(
  name: string,
  opened: () => ConformingEngine,
  { batch, reference }: { batch: () => PlaneBatch; reference: () => EngineAnswer },
): void {
  const infer = (
    question: PlaneBatch,
    signal?: AbortSignal,
    change: (model: Model) => Model = (one) => one,
  ) => {
    const { engine, model } = opened();
    return engine.infer(change(model), question, signal);
  };
  const only = () => {
    const { rows, columns, planes } = batch();
    return { rows, columns, planes: planes.slice(0, 1) };
  };

  describe(name, () => {
    test("answers as the others do, plane by plane", async () => {
      const answer = await infer(batch());
      expect(answer.outputs).toHaveLength(1);
      expect(farthest(answer, reference())).toBeLessThan(TOLERANCE);
      expect(answer.engine).toBe(opened().engine.name);
      expect(answer.modelMilliseconds).toBeGreaterThan(0);
    });

    test("answers several questions at once, each with its own answer", async () => {
      const { rows, columns, planes } = batch();
      const answers = await Promise.all(planes.map((plane) => infer({ rows, columns, planes: [plane] })));
      answers.forEach((answer, index) => {
        const alone = {
          ...reference(),
          outputs: reference().outputs.map((output) => output.slice(index, index + 1)),
        };
        expect(farthest(answer, alone)).toBeLessThan(TOLERANCE);
      });
    });

    test("takes rows and columns that differ", async () => {
      const planes = [Float32Array.from({ length: 32 * 48 }, (_, at) => (at % 48) / 16)];
      const answer = await infer({ rows: 32, columns: 48, planes });
      expect(answer.outputs[0]?.[0]).toHaveLength(32 * 48);
    });

    test("answers no planes with no planes", async () => {
      await expect(infer({ rows: 32, columns: 32, planes: [] })).resolves.toMatchObject({ outputs: [[]] });
    });

    test.each([
      ["a plane of another size", { rows: 32, columns: 32, planes: [new Float32Array(100)] }],
      [
        "a matrix that the network cannot halve",
        { rows: 33, columns: 32, planes: [new Float32Array(33 * 32)] },
      ],
      ["a value that is none", { rows: 16, columns: 16, planes: [new Float32Array(256).fill(NaN)] }],
      ["an infinite value", { rows: 16, columns: 16, planes: [new Float32Array(256).fill(Infinity)] }],
      [
        "a value above the input's range",
        { rows: 16, columns: 16, planes: [new Float32Array(256).fill(3.5)] },
      ],
      ["a value below it", { rows: 16, columns: 16, planes: [new Float32Array(256).fill(-0.5)] }],
    ])("refuses %s", async (_, question) => {
      await expect(infer(question)).rejects.toMatchObject({ code: "model-input-invalid", retryable: false });
    });

    test("refuses what the network cannot take though the manifest says so", async () => {
      const question = { rows: 9, columns: 9, planes: [new Float32Array(81)] };
      const careless = (model: Model): Model => ({
        ...model,
        manifest: { ...model.manifest, preprocessing: { ...model.manifest.preprocessing, sizeMultiple: 1 } },
      });
      await expect(infer(question, undefined, careless)).rejects.toMatchObject({
        code: "model-run-failed",
        retryable: false,
      });
    });

    test.each([
      ["another number of channels", { channels: 2, meaning: ["lesion", "other"] }],
      ["another range", { range: [0.9, 1] }],
      ["another name", { name: "another" }],
    ])("refuses an answer that has %s than the manifest says", async (_, change) => {
      const lying = (model: Model) => withOutput(model, change);
      await expect(infer(only(), undefined, lying)).rejects.toMatchObject({
        code: "model-output-invalid",
        retryable: false,
      });
    });

    test("begins nothing for a question that is cancelled already", async () => {
      await expect(infer(batch(), AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    });

    test("lets go of a cancelled question at once, and answers the next", async () => {
      const cancel = new AbortController();
      const asked = infer(many(batch()), cancel.signal);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const begun = performance.now();
      cancel.abort();
      await expect(asked).rejects.toMatchObject({ name: "AbortError" });
      expect(performance.now() - begun).toBeLessThan(100);
      const answer = await infer(batch());
      expect(farthest(answer, reference())).toBeLessThan(TOLERANCE);
    });
  });
}

function withOutput(model: Model, change: object): Model {
  const { network } = model.manifest;
  const outputs = network.outputs.map((output) => ({ ...output, ...change }));
  return { ...model, manifest: { ...model.manifest, network: { ...network, outputs } } };
}

/** Enough planes that a moment does not do for them. */
function many({ rows, columns, planes }: PlaneBatch): PlaneBatch {
  return {
    rows,
    columns,
    planes: Array.from({ length: 60 }, (_, at) => planes[at % planes.length] ?? new Float32Array()),
  };
}

/** The largest difference between two answers. */
export function farthest(one: EngineAnswer, other: EngineAnswer): number {
  let most = 0;
  expect(one.outputs.map((planes) => planes.map(({ length }) => length))).toEqual(
    other.outputs.map((planes) => planes.map(({ length }) => length)),
  );
  one.outputs.forEach((planes, output) =>
    planes.forEach((values, plane) =>
      values.forEach((value, at) => {
        const difference = Math.abs(value - (other.outputs[output]?.[plane]?.[at] ?? NaN));
        if (!(difference <= most)) most = difference;
      }),
    ),
  );
  return most;
}
