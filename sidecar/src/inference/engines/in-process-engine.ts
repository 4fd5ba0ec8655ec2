import type { Engine } from "../engine.js";
import { assertTakes } from "./network-input.js";
import type { NetworkRuntime } from "./network-runtime.js";
import { runPlanes } from "./run-planes.js";

const PLANES_AT_ONCE = 8;

/** An engine in the calling thread, for scripts: it blocks while it computes. Servers take `Engines`. */
export function inProcessEngine(runtime: NetworkRuntime): Engine {
  return {
    name: runtime.engine,
    planesAtOnce: PLANES_AT_ONCE,
    async infer(model, batch, signal) {
      signal?.throwIfAborted();
      assertTakes(model, batch);
      const answer = await runPlanes(runtime, model, batch, () => signal?.aborted === true);
      if (answer === undefined) throw signal?.reason;
      const { outputs, milliseconds } = answer;
      return { outputs, engine: runtime.engine, modelMilliseconds: milliseconds };
    },
    close: () => runtime.dispose(),
  };
}
