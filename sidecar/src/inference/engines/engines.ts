import type { Engine } from "../engine.js";
import type { Model } from "../model-registry.js";
import type { RuntimeKind } from "./network.worker.js";
import type { InferenceServer } from "./remote/inference-server.js";
import { RemoteEngine, type RemoteManifest } from "./remote/remote-engine.js";
import { openThreadEngine } from "./thread-engine.js";

export interface EnginesOptions {
  /** Worker threads of each engine that computes here, and requests at the same time to each server. */
  readonly threads: number;
  /** Those that are installed now: loaded and run once in every thread when their engine starts. */
  readonly models: () => readonly Model[];
  /** Opens the way to the server of a remote model. */
  readonly connect: (modelName: string, remote: RemoteManifest["remote"]) => InferenceServer;
  /** The compiled worker; only tests that run from source name another. */
  readonly workerFile?: URL;
}

/** One engine, for readiness: what it is, what it runs, and whether it can. */
export interface EngineReport {
  /** As in the manifests: tensorflow, onnx or remote. */
  readonly engine: string;
  /** What computes, e.g. "tfjs-wasm 4.22.0". */
  readonly name: string;
  readonly models: readonly string[];
  /** away: its server is left alone for now; failed: it cannot be started on this machine. */
  readonly state: "ready" | "starting" | "failed" | "away";
  /** Of a remote one. */
  readonly server?: string;
  readonly reason?: string;
}

/** The engine cannot be started here: another process may be able to, or this one after it was installed. */
export class EngineUnavailable extends Error {
  override readonly name = "EngineUnavailable";
  readonly code = "engine-unavailable";
  readonly retryable = true;
}

/** Opened engines by what they are for: a kind of network in this process, or a model on its server. */
interface Opened {
  readonly engine: Promise<Engine>;
  open: Engine | undefined;
  failed: string | undefined;
}

/** Every engine that the installed models need; each model's own is picked by its manifest. */
export class Engines {
  private readonly local = new Map<RuntimeKind, Opened>();
  private readonly remote = new Map<string, { engine: RemoteEngine; manifest: string }>();
  private closed = false;

  constructor(private readonly options: EnginesOptions) {}

  /** Starts the engines that the installed models need, and waits for them; what cannot start is told by `report`. */
  async start(): Promise<void> {
    await Promise.allSettled(this.options.models().map((model) => this.of(model)));
  }

  /** The engine of a model. @throws EngineUnavailable */
  async of(model: Model): Promise<Engine> {
    const { manifest } = model;
    if (manifest.engine === "remote") return this.remoteOf(model, manifest);
    try {
      return await this.localOf(manifest.engine).engine;
    } catch (cause) {
      throw new EngineUnavailable(`the ${manifest.engine} engine cannot be started on this machine`, {
        cause,
      });
    }
  }

  report(): EngineReport[] {
    const reports: EngineReport[] = [...this.local].map(([kind, { open, failed }]) => ({
      engine: kind,
      name: open?.name ?? kind,
      models: this.options
        .models()
        .filter(({ manifest }) => manifest.engine === kind)
        .map(nameOf),
      state: open !== undefined ? "ready" : failed === undefined ? "starting" : "failed",
      ...(failed === undefined ? {} : { reason: failed }),
    }));
    for (const [model, engine] of this.installedRemote()) {
      const { state, code } = engine.breaker();
      reports.push({
        engine: "remote",
        name: engine.name,
        models: [model],
        state: state === "closed" ? "ready" : "away",
        server: engine.address,
        ...(code === null ? {} : { reason: code }),
      });
    }
    return reports;
  }

  /** Asks each server whether it serves its model; for readiness. */
  checks(): Record<string, () => Promise<void>> {
    return Object.fromEntries(
      this.installedRemote().map(([model, engine]) => [`inference server of ${model}`, () => engine.check()]),
    );
  }

  async close(): Promise<void> {
    this.closed = true;
    const opened = await Promise.allSettled([...this.local.values()].map(({ engine }) => engine));
    const engines = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    const remote = [...this.remote.values()].map(({ engine }) => engine);
    await Promise.all([...engines, ...remote].map((engine) => engine.close()));
  }

  private installedRemote(): [string, RemoteEngine][] {
    const installed = new Set(this.options.models().map(nameOf));
    return [...this.remote].flatMap(([model, { engine }]) => (installed.has(model) ? [[model, engine]] : []));
  }

  private localOf(kind: RuntimeKind): Opened {
    const known = this.local.get(kind);
    // What failed is tried again: by the next analysis that asks for it.
    if (known !== undefined && known.failed === undefined) return known;
    if (this.closed) throw new EngineUnavailable("the engines are closed");
    const { threads, models, workerFile } = this.options;
    const opened: Opened = {
      engine: openThreadEngine({
        kind,
        threads,
        models: models().filter(({ manifest }) => manifest.engine === kind),
        ...(workerFile === undefined ? {} : { workerFile }),
      }),
      open: undefined,
      failed: undefined,
    };
    opened.engine.then(
      (engine) => (opened.open = engine),
      (error: unknown) => (opened.failed = error instanceof Error ? error.message : String(error)),
    );
    this.local.set(kind, opened);
    return opened;
  }

  private remoteOf(model: Model, manifest: RemoteManifest): RemoteEngine {
    const known = this.remote.get(nameOf(model));
    const described = JSON.stringify([manifest.format, manifest.remote]);
    if (known?.manifest === described) return known.engine;
    if (this.closed) throw new EngineUnavailable("the engines are closed");
    // The bundle was replaced: what is under way there ends with a fault, and is done again here.
    void known?.engine.close();
    const engine = new RemoteEngine(
      manifest,
      this.options.connect(manifest.name, manifest.remote),
      this.options.threads,
    );
    this.remote.set(nameOf(model), { engine, manifest: described });
    return engine;
  }
}

function nameOf({ manifest: { name, version } }: Model): string {
  return `${name} ${version}`;
}
