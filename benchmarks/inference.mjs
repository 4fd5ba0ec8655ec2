import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bareNetwork, demoBundle } from "./measure/bare-network.mjs";
import { median } from "./measure/result.mjs";

/** @typedef {"tensorflow" | "onnx"} Kind */

const THREAD_ENGINE = fileURLToPath(
  new URL("../sidecar/dist/inference/engines/thread-engine.js", import.meta.url),
);
/** Slices as an analysis hands them over, at the demo model's resolution. */
const SIDE = 128;
const SLICES = 32;
const ROUNDS = 7;

/**
 * What an engine costs over calling the library itself: the same slices through the library in this thread, slice by
 * slice, and through the engine with one worker; in turn, in the same run. And slices per second with one and two
 * workers. The ratio is that of the engine with the higher overhead.
 *
 * @returns {Promise<import("./measure/result.mjs").Measurement>}
 */
export async function measure() {
  const { openThreadEngine } = await import(THREAD_ENGINE);
  const folder = mkdtempSync(join(tmpdir(), "neuronova-inference-"));
  try {
    /** @type {Record<string, number>} */
    const metrics = {};
    /** @type {number[]} */
    const overheads = [];
    for (const kind of /** @type {Kind[]} */ (["tensorflow", "onnx"])) {
      const model = await demoBundle(kind, join(folder, kind));
      const bare = await bareNetwork(kind, model);
      const one = await openThreadEngine({ kind, threads: 1, models: [model] });
      const two = await openThreadEngine({ kind, threads: 2, models: [model] });
      const planes = Array.from({ length: SLICES }, (_, index) => plane(index));
      const batch = { rows: SIDE, columns: SIDE, planes };
      /** @type {{ bare: number, one: number, two: number, network: number }[]} */
      const rounds = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const [bareFirst, first] = [
          await timed(() => bare.run(batch)),
          await timed(() => one.infer(model, batch)),
        ];
        const second = await timed(() => two.infer(model, batch));
        // The other way round as well: a machine that grows busier must not favour one of them.
        const again = await timed(() => one.infer(model, batch));
        const bareAgain = await timed(() => bare.run(batch));
        // The first round warms up.
        if (round > 0)
          rounds.push({
            bare: (bareFirst.milliseconds + bareAgain.milliseconds) / 2,
            one: (first.milliseconds + again.milliseconds) / 2,
            two: second.milliseconds,
            network: (first.answer.modelMilliseconds + again.answer.modelMilliseconds) / 2,
          });
      }
      await Promise.all([one.close(), two.close(), bare.close()]);
      const overhead = median(rounds.map((round) => round.one / round.bare));
      overheads.push(overhead);
      Object.assign(metrics, {
        [`${kind}BareMillisecondsPerSlice`]: median(rounds.map((round) => round.bare / SLICES)),
        [`${kind}MillisecondsPerSlice`]: median(rounds.map((round) => round.one / SLICES)),
        [`${kind}NetworkMillisecondsPerSlice`]: median(rounds.map((round) => round.network / SLICES)),
        [`${kind}OverBare`]: overhead,
        [`${kind}SlicesPerSecondOneWorker`]: median(rounds.map((round) => (SLICES / round.one) * 1000)),
        [`${kind}SlicesPerSecondTwoWorkers`]: median(rounds.map((round) => (SLICES / round.two) * 1000)),
      });
    }
    return {
      metrics,
      ratio: Math.max(...overheads),
      of: "engine with one worker over the bare library, time for 32 slices of 128 × 128, the worse of TensorFlow.js and ONNX Runtime",
      target: { atMost: 1.1 },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {number} seed */
function plane(seed) {
  return Float32Array.from({ length: SIDE * SIDE }, (_, at) => Math.abs(Math.sin(at * 0.01 + seed)) * 2);
}

/**
 * @template Answer
 * @param {() => Promise<Answer>} work
 */
async function timed(work) {
  const begun = performance.now();
  const answer = await work();
  return { answer, milliseconds: performance.now() - begun };
}
