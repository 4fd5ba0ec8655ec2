import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HttpInferenceServer } from "../../src/adapters/inference-server/http-inference-server.js";
import type { EngineAnswer, PlaneBatch } from "../../src/inference/engine.js";
import { Engines } from "../../src/inference/engines/engines.js";
import { derivedBundle, ONNX_NETWORK, type DerivedFormat } from "../engines/derived-bundle.js";
import { engineConforms, type ConformingEngine } from "../engines/engine-conformance.js";
import {
  insistOnInferenceServers,
  SERVED_MODEL,
  startMlServer,
  startTensorflowServingForm,
  startTriton,
  type ServerProcess,
} from "../engines/inference-servers.js";
import { phantomPlanes } from "../engines/phantom-planes.js";

const WORKER = new URL("../../dist/inference/engines/network.worker.js", import.meta.url);

/** Each engine that there is, and what it must call itself. */
const LOCAL: readonly [string, DerivedFormat, RegExp][] = [
  ["tensorflow, a layers model", "tfjs-layers", /^tfjs-\S+ 4\.22\.0$/],
  ["tensorflow, a graph model", "tfjs-graph", /^tfjs-\S+ 4\.22\.0$/],
  ["onnx", "onnx", /^onnxruntime 1\.\d+\.\d+ cpu$/],
];
const REMOTE: readonly [string, DerivedFormat, () => Promise<ServerProcess>, RegExp][] = [
  ["remote, Triton, binary tensors", "open-inference", startTriton, /^open-inference triton 2\.\d+\.\d+$/],
  ["remote, MLServer, JSON", "open-inference", startMlServer, /^open-inference mlserver 1\.\d+\.\d+$/],
  [
    "remote, TensorFlow Serving's form",
    "tensorflow-serving",
    startTensorflowServingForm,
    /^tensorflow-serving tumor_detection 1$/,
  ],
];

let batch: PlaneBatch;
let reference: EngineAnswer;
const closing: (() => Promise<void>)[] = [];

async function open(format: DerivedFormat, url?: string): Promise<ConformingEngine> {
  const remote = url === undefined ? undefined : { url, model: SERVED_MODEL };
  const model = await derivedBundle(format, remote);
  const engines = new Engines({
    threads: 2,
    models: () => [model],
    connect: (_, { url: address }) =>
      new HttpInferenceServer({
        url: address,
        timeoutMilliseconds: 60_000,
        resetMilliseconds: 1_000,
        connections: 2,
      }),
    workerFile: WORKER,
  });
  closing.push(() => engines.close());
  await engines.start();
  return { engine: await engines.of(model), model };
}

beforeAll(async () => {
  batch = phantomPlanes(6);
  const { engine, model } = await open("tfjs-layers");
  reference = await engine.infer(model, batch);
  // A network that finds nothing would agree with any other that finds nothing.
  expect(Math.max(...(reference.outputs[0] ?? []).map((plane) => Math.max(...plane)))).toBeGreaterThan(0.9);
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const question = { batch: () => batch, reference: () => reference };

describe.each(LOCAL)("%s", (name, format, engineName) => {
  let opened: ConformingEngine;
  beforeAll(async () => {
    opened = await open(format);
  });

  test("says what computes", () => {
    expect(opened.engine.name).toMatch(engineName);
  });
  engineConforms(name, () => opened, question);
});

describe.each(REMOTE)("%s", (name, format, startServer, engineName) => {
  let opened: ConformingEngine;
  beforeAll(async () => {
    insistOnInferenceServers();
    const server = await startServer();
    closing.push(() => server.stop());
    opened = await open(format, server.url);
    await opened.engine.infer(opened.model, batch);
  });

  test("says what computes", () => {
    expect(opened.engine.name).toMatch(engineName);
  });
  engineConforms(name, () => opened, question);
});

test("the ONNX network of the tests is made of the weights that are shipped", async () => {
  const shipped = await derivedBundle("tfjs-layers");
  if (shipped.manifest.format !== "tfjs-layers") throw new Error("another format");
  const network = await readFile(ONNX_NETWORK);
  expect(
    network.includes(shipped.manifest.files.weights.sha256),
    "sidecar/test/fixtures/models/README.md",
  ).toBe(true);
});
