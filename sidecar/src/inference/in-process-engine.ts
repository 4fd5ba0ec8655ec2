import type { Engine } from "./engine.js";
import { PLANES_AT_ONCE } from "./planes-at-once.js";
import type { TensorflowRuntime } from "./tensorflow-runtime.js";

/** An engine in the calling thread, for scripts: it blocks while it computes. Servers take `openEngine`. */
export function inProcessEngine(runtime: TensorflowRuntime): Engine {
  return {
    name: runtime.engine,
    planesAtOnce: PLANES_AT_ONCE,
    async infer(model, batch) {
      const { outputs, milliseconds } = await runtime.infer(model, batch);
      return { outputs, engine: runtime.engine, modelMilliseconds: milliseconds };
    },
    close() {
      runtime.dispose();
      return Promise.resolve();
    },
  };
}
