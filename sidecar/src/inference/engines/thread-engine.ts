import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { AnalysisError } from "../analysis-error.js";
import type { Engine, EngineAnswer, PlaneBatch } from "../engine.js";
import type { Model } from "../model-registry.js";
import { assertTakes } from "./network-input.js";
import type { InferResult, InferTask, RuntimeKind, WorkerSetup } from "./network.worker.js";
import { sharesOf } from "./shares.js";
import { Turns } from "../../pipeline/turns.js";
import { untilAborted } from "./until-aborted.js";

/** Planes that a thread is given at a time: others get their turn after so many. */
const PLANES_IN_A_SHARE = 8;

export interface ThreadEngineOptions {
  readonly kind: RuntimeKind;
  /** Worker threads; each has networks of its own and computes in itself alone. */
  readonly threads: number;
  /** Loaded and run once in every thread before the engine is open. */
  readonly models: readonly Model[];
  /** The compiled worker; only tests that run from source name another. */
  readonly workerFile?: URL;
}

/**
 * Opens an engine in worker threads, so that inference never blocks the event loop. Its threads stay warm; a share of
 * planes is copied to a thread when that thread is free, until then it waits with whoever asked.
 */
export async function openThreadEngine({
  kind,
  threads,
  models,
  workerFile,
}: ThreadEngineOptions): Promise<Engine> {
  const setup: WorkerSetup = { kind, models };
  const pool = new Piscina<InferTask, InferResult>({
    filename: fileURLToPath(workerFile ?? new URL("./network.worker.js", import.meta.url)),
    minThreads: threads,
    maxThreads: threads,
    workerData: setup,
  });
  const opened = await pool.run({}).catch(async (error: unknown) => {
    await pool.close({ force: true });
    throw error;
  });
  const name = opened.kind === "answered" ? opened.engine : kind;
  const turns = new Turns(threads);

  const infer = async (model: Model, batch: PlaneBatch, signal?: AbortSignal): Promise<EngineAnswer> => {
    signal?.throwIfAborted();
    assertTakes(model, batch);
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    // Not handed to the pool: it would kill the thread, and with it the warm networks of everybody.
    const stop = new AbortController();
    const cancel = (reason: unknown) => {
      Atomics.store(cancelled, 0, 1);
      stop.abort(reason);
    };
    const aborted = () => cancel(signal?.reason);
    signal?.addEventListener("abort", aborted, { once: true });
    const share = async (part: PlaneBatch) => {
      const run = () => pool.run({ work: { model, batch: part, cancelled } });
      const result = await turns.run(run, stop.signal);
      if (result.kind === "failed") throw new AnalysisError(result.code, result.message);
      if (result.kind === "cancelled") throw stop.signal.reason;
      return result;
    };
    try {
      const parts = await untilAborted(
        stop.signal,
        Promise.all(sharesOf(batch, threads, PLANES_IN_A_SHARE).map(share)),
      );
      return {
        outputs: model.manifest.network.outputs.map((_, output) =>
          parts.flatMap(({ outputs }) => outputs[output] ?? []),
        ),
        engine: name,
        modelMilliseconds: ofTheSlowest(parts),
      };
    } catch (error) {
      // One share has failed: the others are of no use any more.
      cancel(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", aborted);
    }
  };

  return {
    name,
    planesAtOnce: threads * PLANES_IN_A_SHARE,
    infer,
    close: () => pool.close({ force: true }),
  };
}

/** Milliseconds of the thread that computed for longest. */
function ofTheSlowest(parts: readonly { readonly thread: number; readonly milliseconds: number }[]): number {
  const sums = new Map<number, number>();
  for (const { thread, milliseconds } of parts) sums.set(thread, (sums.get(thread) ?? 0) + milliseconds);
  return Math.max(0, ...sums.values());
}
