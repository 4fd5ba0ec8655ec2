import { writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Engine, PlaneBatch } from "../../src/inference/engine.js";
import { Engines } from "../../src/inference/engines/engines.js";
import { openThreadEngine } from "../../src/inference/engines/thread-engine.js";
import type { Model } from "../../src/inference/model-registry.js";
import { derivedBundle } from "../engines/derived-bundle.js";

const WORKER = new URL("../../dist/inference/engines/network.worker.js", import.meta.url);
const COLLECTING_WORKER = new URL("../engines/collecting.worker.mjs", import.meta.url);
const MEGABYTE = 1_000_000;
/** In 3,000 runs; had every run kept no more than its answer, it would be 28 MB. */
const MOST_KEPT_MEGABYTES = 14;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const planesOf = (count: number, side: number): PlaneBatch => {
  const plane = new Float32Array(side * side).fill(0.5);
  return { rows: side, columns: side, planes: Array.from({ length: count }, () => plane) };
};
const noConnection = (): never => {
  throw new Error("no model here is remote");
};

describe.each([
  ["tensorflow", "tfjs-layers"],
  ["onnx", "onnx"],
] as const)("the %s engine in one thread", (kind, format) => {
  let engine: Engine;
  let model: Model;
  beforeAll(async () => {
    model = await derivedBundle(format);
    engine = await openThreadEngine({ kind, threads: 1, models: [model], workerFile: WORKER });
  });
  afterAll(() => engine.close());

  test("keeps no memory over 3,000 runs", async () => {
    const collecting = await openThreadEngine({
      kind,
      threads: 1,
      models: [model],
      workerFile: COLLECTING_WORKER,
    });
    onTestFinished(() => collecting.close());
    const batch = planesOf(1, 48);
    // Of whole thousands, after which the thread has collected its garbage too.
    const runs = async (count: number): Promise<number> => {
      for (let run = 0; run < count; run++) await collecting.infer(model, batch);
      collectGarbage();
      return process.memoryUsage().rss / MEGABYTE;
    };
    let settled = await runs(8_000);
    let least = Infinity;
    // Heaps and allocators grow in steps of more than this, once in a while; what each run keeps grows every time.
    for (let round = 0; round < 3 && least >= MOST_KEPT_MEGABYTES; round++) {
      const now = await runs(3_000);
      least = Math.min(least, now - settled);
      settled = now;
    }
    expect(least).toBeLessThan(MOST_KEPT_MEGABYTES);
  }, 600_000);

  test("does not copy what waits", async () => {
    const cancel = new AbortController();
    const batch = planesOf(8, 256);
    await engine.infer(model, planesOf(1, 256));
    const before = process.memoryUsage().rss / MEGABYTE;
    // 210 MB, if each question had planes of its own in the queue.
    const questions = Array.from({ length: 100 }, () => engine.infer(model, batch, cancel.signal));
    const settled = Promise.allSettled(questions);
    await setTimeout(150);
    const during = process.memoryUsage().rss / MEGABYTE;
    cancel.abort();
    const outcomes = await settled;
    expect(during - before).toBeLessThan(100);
    expect(outcomes.filter(({ status }) => status === "rejected").length).toBeGreaterThan(90);
  });

  test("stops a cancelled question at the next plane, and its thread stays warm", async () => {
    const alone = planesOf(1, 256);
    const begun = performance.now();
    await engine.infer(model, alone);
    const ofOne = performance.now() - begun;
    const cancel = new AbortController();
    const long = engine.infer(model, planesOf(200, 256), cancel.signal);
    await setTimeout(100);
    cancel.abort();
    await expect(long).rejects.toMatchObject({ name: "AbortError" });
    const since = performance.now();
    await engine.infer(model, alone);
    // Its own plane and the one that was begun, not the eight of a share; loading anew would take longer still.
    expect(performance.now() - since).toBeLessThan(4 * ofOne + 100);
  });

  test("leaves the event loop free", async () => {
    let [longest, last, ended] = [0, performance.now(), false];
    const watching = (async () => {
      while (!ended) {
        await setTimeout(5);
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }
    })();
    const { modelMilliseconds } = await engine.infer(model, planesOf(16, 256));
    ended = true;
    await watching;
    expect(longest).toBeLessThan(modelMilliseconds / 2);
  });
});

test("an engine that cannot start fails its own models only, is told, and is tried again", async () => {
  const [tensorflow, onnx] = await Promise.all([derivedBundle("tfjs-layers"), derivedBundle("onnx")]);
  const nowhere = new Engines({
    threads: 1,
    models: () => [onnx],
    connect: noConnection,
    workerFile: new URL("./no-such-worker.js", import.meta.url),
  });
  await nowhere.start();
  expect(nowhere.report()).toMatchObject([
    { engine: "onnx", state: "failed", models: ["tumor_detection 1.0.0"] },
  ]);
  await expect(nowhere.of(onnx)).rejects.toMatchObject({ code: "engine-unavailable", retryable: true });
  await nowhere.close();

  const engines = new Engines({
    threads: 1,
    models: () => [tensorflow],
    connect: noConnection,
    workerFile: WORKER,
  });
  await engines.start();
  // Nobody needs ONNX Runtime: it is not started.
  expect(engines.report()).toMatchObject([
    { engine: "tensorflow", state: "ready", name: expect.stringMatching(/^tfjs-/) as string },
  ]);
  await expect((await engines.of(onnx)).infer(onnx, planesOf(1, 32))).resolves.toMatchObject({
    engine: expect.stringMatching(/^onnxruntime /) as string,
  });
  expect(engines.report().map(({ engine }) => engine)).toEqual(["tensorflow", "onnx"]);
  await engines.close();
});

test("a model whose file is none fails with the reason, the engine goes on", async () => {
  const [good, bad] = await Promise.all([derivedBundle("onnx"), derivedBundle("onnx")]);
  await writeFile(`${bad.folder}/model.onnx`, "not a network");
  const broken: Model = { ...bad, digest: "another" };
  const engine = await openThreadEngine({
    kind: "onnx",
    threads: 1,
    models: [broken, good],
    workerFile: WORKER,
  });
  await expect(engine.infer(broken, planesOf(1, 32))).rejects.toMatchObject({
    code: "model-not-loadable",
    retryable: false,
  });
  await expect(engine.infer(good, planesOf(1, 32))).resolves.toBeDefined();
  await engine.close();
});
