import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
// @ts-expect-error -- a script without declarations
import * as installed from "../../../scripts/inference-servers/install-inference-servers.mjs";
// @ts-expect-error -- a script without declarations
import { chooseFreePort as choosePort } from "../../../scripts/local-stack/ports.mjs";
import { ONNX_NETWORK } from "./derived-bundle.js";

const chooseFreePort = choosePort as () => Promise<number>;
const { INFERENCE_SERVERS, inferenceServersUnavailable, sitePackages, tritonServer } = installed as {
  readonly INFERENCE_SERVERS: {
    readonly python: string;
    readonly mlserver: string;
    readonly tritonBackends: string;
  };
  readonly inferenceServersUnavailable: () => string | undefined;
  readonly sitePackages: () => string;
  readonly tritonServer: () => string;
};
const SERVED = fileURLToPath(new URL("./servers", import.meta.url));
const START_SECONDS = 60;

/** @throws Error with the reason where the servers are not on this machine: their tests fail there, none is passed over */
export function insistOnInferenceServers(): void {
  const reason = inferenceServersUnavailable();
  if (reason !== undefined) throw new Error(`this machine has no inference servers: ${reason}`);
}

/** As the servers name the demo model. */
export const SERVED_MODEL = "tumor_detection";

export interface ServerProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Triton with the demo network: Open Inference Protocol, with binary tensors. */
export async function startTriton(port?: number): Promise<ServerProcess> {
  const repository = await mkdtemp(join(tmpdir(), "neuronova-triton-"));
  const model = join(repository, SERVED_MODEL);
  await mkdir(join(model, "1"), { recursive: true });
  await copyFile(join(SERVED, "triton_model.py"), join(model, "1/model.py"));
  await writeFile(
    join(model, "config.pbtxt"),
    `backend: "python"
max_batch_size: 0
input [{ name: "image", data_type: TYPE_FP32, dims: [-1, 1, -1, -1] }]
output [{ name: "probability", data_type: TYPE_FP32, dims: [-1, 1, -1, -1] }]
instance_group [{ kind: KIND_CPU }]
`,
  );
  const chosen = port ?? (await chooseFreePort());
  return start(
    tritonServer(),
    [
      `--model-repository=${repository}`,
      `--backend-directory=${INFERENCE_SERVERS.tritonBackends}`,
      ...["--http-address=127.0.0.1", `--http-port=${chosen}`],
      ...["--allow-grpc=false", "--allow-metrics=false"],
    ],
    {
      // Its own libraries come with the package.
      LD_LIBRARY_PATH: join(sitePackages(), "nvidia_pytriton.libs"),
      SERVED_PACKAGES: sitePackages(),
      SERVED_NETWORK: ONNX_NETWORK,
    },
    chosen,
    `/v2/models/${SERVED_MODEL}/ready`,
  );
}

/** MLServer with the demo network: Open Inference Protocol, JSON only. */
export async function startMlServer(): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), "neuronova-mlserver-"));
  const chosen = await chooseFreePort();
  await copyFile(join(SERVED, "mlserver_runtime.py"), join(folder, "mlserver_runtime.py"));
  await writeFile(
    join(folder, "settings.json"),
    JSON.stringify({
      host: "127.0.0.1",
      http_port: chosen,
      grpc_port: await chooseFreePort(),
      metrics_port: await chooseFreePort(),
      parallel_workers: 0,
      debug: false,
    }),
  );
  await writeFile(
    join(folder, "model-settings.json"),
    JSON.stringify({
      name: SERVED_MODEL,
      implementation: "mlserver_runtime.OnnxNetwork",
      parameters: { uri: ONNX_NETWORK, version: "v1" },
    }),
  );
  return start(
    INFERENCE_SERVERS.mlserver,
    ["start", folder],
    { PYTHONPATH: folder },
    chosen,
    `/v2/models/${SERVED_MODEL}/ready`,
  );
}

/** The demo network in the form of TensorFlow Serving's REST API. */
export async function startTensorflowServingForm(port?: number): Promise<ServerProcess> {
  const chosen = port ?? (await chooseFreePort());
  return start(
    INFERENCE_SERVERS.python,
    [join(SERVED, "tensorflow_serving_form.py"), ONNX_NETWORK, SERVED_MODEL, String(chosen)],
    {},
    chosen,
    `/v1/models/${SERVED_MODEL}`,
  );
}

async function start(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  port: number,
  readyPath: string,
): Promise<ServerProcess> {
  const child = spawn(program, args, {
    env: { HOME: tmpdir(), PATH: "/usr/bin:/bin", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // The tests' process may be killed: this one does not outlive it.
  const end = () => void child.kill("SIGKILL");
  process.once("exit", end);
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (printed = (printed + text).slice(-4_000)));
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + START_SECONDS * 1_000;
  while (!(await answers(url + readyPath))) {
    if (hasEnded(child) || performance.now() > deadline) {
      end();
      throw new Error(`${program} does not serve the model:\n${printed}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    async stop() {
      process.removeListener("exit", end);
      if (hasEnded(child)) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const patience = setTimeout(end, 10_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.ok;
    },
    () => false,
  );
}
