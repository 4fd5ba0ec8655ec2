import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDemoStudy } from "../../src/phantom/demo-study.js";
import { derivedBundle } from "../engines/derived-bundle.js";
import {
  insistOnInferenceServers,
  SERVED_MODEL,
  startTensorflowServingForm,
  type ServerProcess,
} from "../engines/inference-servers.js";
import type { EventRecorder } from "../stack/event-recorder.js";
import { RunningStack } from "../stack/running-stack.js";

const NOWHERE = "http://127.0.0.1:9";

interface Ready {
  readonly status: string;
  readonly dependencies: Readonly<Record<string, { readonly status: string; readonly reason?: string }>>;
  readonly engines?: readonly {
    readonly engine: string;
    readonly state: string;
    readonly name: string;
    readonly server?: string;
  }[];
}

describe("a model on an inference server", () => {
  let server: ServerProcess;
  let stack: RunningStack;
  let events: EventRecorder;

  beforeAll(async () => {
    insistOnInferenceServers();
    server = await startTensorflowServingForm();
    const { port } = new URL(server.url);
    await server.stop();
    const models = await mkdtemp(join(tmpdir(), "neuronova-models-"));
    // The bundle names a server that is none: the setting is what counts.
    const bundle = await derivedBundle("tensorflow-serving", { url: NOWHERE, model: SERVED_MODEL });
    await cp(bundle.folder, join(models, "on_a_server"), { recursive: true });
    stack = await RunningStack.start({
      settings: {
        NEURONOVA_STABLE_AFTER_SECONDS: "0.5",
        NEURONOVA_BREAKER_RESET_SECONDS: "1",
        NEURONOVA_MODELS_DIRECTORY: models,
        NEURONOVA_INFERENCE_SERVERS: JSON.stringify({
          [bundle.manifest.name]: { url: `http://127.0.0.1:${port}` },
        }),
      },
    });
    events = await stack.events();
  });

  afterAll(async () => {
    events.close();
    await stack.stop();
    await server.stop();
  });

  const readiness = async (): Promise<Ready> => {
    const answers = await Promise.all(
      stack.local.ports.sidecar.map(async (port) =>
        (await fetch(`http://127.0.0.1:${port}/api/health/ready`)).json(),
      ),
    );
    const found = (answers as Ready[]).find(({ engines }) => engines !== undefined);
    if (found === undefined) throw new Error("no process has the inference role");
    return found;
  };

  test("waits for its server, and is done when that is there", async () => {
    const files = createDemoStudy({ seed: 3, slices: 6, rows: 128, columns: 128 });
    const study = files[0]?.studyInstanceUid ?? "";
    await stack.storeOverDicom(files);
    await events.until("the analysis", () => events.of("analysis.started", study).length > 0);
    await expect
      .poll(async () => (await readiness()).engines, { timeout: 60_000, interval: 250 })
      .toMatchObject([
        { engine: "remote", state: "away", server: expect.stringContaining("127.0.0.1") as string },
      ]);
    const { status, dependencies } = await readiness();
    // What waits for a server waits in the queue: everything else works.
    expect(status).toBe("ready");
    expect(dependencies["inference server of tumor_detection 1.0.0"]).toMatchObject({ status: "down" });
    expect(events.of("analysis.failed", study)).toEqual([]);

    server = await startTensorflowServingForm(Number(new URL(server.url).port));
    await events.until("the result", () => events.of("analysis.succeeded", study).length > 0, 90);
    expect(await readiness()).toMatchObject({
      engines: [{ engine: "remote", state: "ready", name: "tensorflow-serving tumor_detection 1" }],
      dependencies: { "inference server of tumor_detection 1.0.0": { status: "up" } },
    });
  });
});
