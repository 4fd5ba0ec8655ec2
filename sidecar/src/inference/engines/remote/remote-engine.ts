import { AnalysisError } from "../../analysis-error.js";
import type { Engine, EngineAnswer, PlaneBatch } from "../../engine.js";
import type { ManifestOf } from "../../model-manifest.js";
import type { Model } from "../../model-registry.js";
import { planesOf, shapeOf } from "../../output-planes.js";
import { assertTakes } from "../network-input.js";
import { sharesOf } from "../shares.js";
import { Turns } from "../../../pipeline/turns.js";
import { untilAborted } from "../until-aborted.js";
import { InferenceServerFault, type InferenceServer } from "./inference-server.js";
import { OPEN_INFERENCE } from "./open-inference.js";
import type { Protocol, ServerDescription } from "./protocol.js";
import { TENSORFLOW_SERVING } from "./tensorflow-serving.js";

export type RemoteManifest = ManifestOf<"open-inference"> | ManifestOf<"tensorflow-serving">;

const PROTOCOLS: Readonly<Record<RemoteManifest["format"], Protocol>> = {
  "open-inference": OPEN_INFERENCE,
  "tensorflow-serving": TENSORFLOW_SERVING,
};
const PLANES_IN_A_REQUEST = 8;
/** Numbers in and out of a request, at most; as JSON they are some 20 MB, which servers still take. */
const NUMBERS_IN_A_REQUEST = 1_000_000;

/** A model on an inference server, as an engine of its own: `infer` takes no other. */
export class RemoteEngine implements Engine {
  readonly planesAtOnce: number;
  private readonly protocol: Protocol;
  private readonly turns: Turns;
  private description: ServerDescription | undefined;

  /** @param requestsAtOnce the others wait in the order of their coming */
  constructor(
    private readonly manifest: RemoteManifest,
    private readonly server: InferenceServer,
    requestsAtOnce: number,
  ) {
    this.protocol = PROTOCOLS[manifest.format];
    this.turns = new Turns(requestsAtOnce);
    this.planesAtOnce = requestsAtOnce * PLANES_IN_A_REQUEST;
  }

  /** Of a server that has not been reached yet only the protocol is known. */
  get name(): string {
    return this.description?.engine ?? this.manifest.format;
  }

  get address(): string {
    return this.server.address;
  }

  /** Whether its server is used at the moment, and if not the code of the fault. */
  breaker(): ReturnType<InferenceServer["breaker"]> {
    return this.server.breaker();
  }

  /** @throws InferenceServerFault when the server does not serve the model now */
  async check(): Promise<void> {
    this.protocol.assertReady(await this.server.ask(this.protocol.readiness(this.manifest.remote)));
  }

  async infer(model: Model, batch: PlaneBatch, signal?: AbortSignal): Promise<EngineAnswer> {
    signal?.throwIfAborted();
    assertTakes(model, batch);
    const stop = new AbortController();
    const aborted = () => stop.abort(signal?.reason);
    signal?.addEventListener("abort", aborted, { once: true });
    try {
      const description = await untilAborted(stop.signal, this.describe(stop.signal));
      assertNames(model, description);
      const parts = await untilAborted(
        stop.signal,
        Promise.all(
          sharesOf(batch, 1, this.planesInARequest(model, batch)).map((share) =>
            this.turns.run(() => this.request(model, share, description, stop.signal), stop.signal),
          ),
        ),
      );
      return {
        outputs: model.manifest.network.outputs.map((_, output) =>
          parts.flatMap(({ outputs }) => outputs[output] ?? []),
        ),
        engine: description.engine,
        modelMilliseconds: wallTime(parts),
      };
    } catch (error) {
      // One request has failed: the others are of no use any more.
      stop.abort(error);
      // It may come back as another version.
      if (error instanceof InferenceServerFault) this.description = undefined;
      throw error;
    } finally {
      signal?.removeEventListener("abort", aborted);
    }
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private async describe(signal: AbortSignal): Promise<ServerDescription> {
    this.description ??= await this.protocol.describe(this.server, this.manifest.remote, signal);
    return this.description;
  }

  private planesInARequest({ manifest }: Model, { rows, columns }: PlaneBatch): number {
    const numbers = manifest.network.outputs.reduce(
      (sum, output) => sum + shapeOf(output, 1, rows, columns).reduce((product, side) => product * side, 1),
      rows * columns,
    );
    return Math.max(1, Math.min(PLANES_IN_A_REQUEST, Math.floor(NUMBERS_IN_A_REQUEST / numbers)));
  }

  private async request(
    model: Model,
    batch: PlaneBatch,
    { binaryTensors }: ServerDescription,
    signal: AbortSignal,
  ): Promise<{ outputs: Float32Array[][]; begun: number; end: number }> {
    const { rows, columns, planes } = batch;
    const begun = performance.now();
    const answer = await this.server.exchange(
      this.protocol.request(model, this.manifest.remote, batch, binaryTensors),
      signal,
    );
    const end = performance.now();
    const raw = this.protocol.outputs(model, answer);
    const outputs = model.manifest.network.outputs.map((output, at) => {
      const { values, shape } = raw[at] ?? {};
      if (values === undefined || shape === undefined)
        throw new AnalysisError("model-output-invalid", `the server's answer has no output ${output.name}`);
      return planesOf(output, values, shape, { planes: planes.length, rows, columns });
    });
    return { outputs, begun, end };
  }
}

/** From handing over the first request to having the last answer: the way there and back is in it. */
function wallTime(parts: readonly { readonly begun: number; readonly end: number }[]): number {
  if (parts.length === 0) return 0;
  return Math.max(...parts.map(({ end }) => end)) - Math.min(...parts.map(({ begun }) => begun));
}

/** Every server refuses a name that it does not know in other words, or takes it for another: asked beforehand. */
function assertNames({ manifest }: Model, { inputs, outputs }: ServerDescription): void {
  const { input, outputs: wanted } = manifest.network;
  if (inputs !== undefined && (inputs.length !== 1 || inputs[0] !== input.name))
    throw new AnalysisError(
      "model-run-failed",
      `the server's model takes ${inputs.join(", ").slice(0, 200)}, the manifest says ${input.name}`,
    );
  const missing = wanted.find(({ name }) => outputs?.includes(name) === false);
  if (missing !== undefined)
    throw new AnalysisError("model-output-invalid", `the server's model has no output ${missing.name}`);
}
