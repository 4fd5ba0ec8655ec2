import type { Connections } from "../connections.js";
import { inferenceJob } from "../direct-inference/answers.js";
import type { Logger } from "../log.js";
import { repeat, type Repetition } from "../pipeline/repeat.js";
import { LOOPS } from "../schedules/loops.js";

const BATCH = 200;

/** What one process of all does for direct inferences: bring back what the queue lost, forget old answers. */
export function lookAfterInference({ directInference, queue }: Connections, log: Logger): Repetition[] {
  return [
    repeat("direct-inference", LOOPS["direct-inference"].milliseconds, log, async () => {
      await queue.add((await directInference.pending(BATCH)).map(inferenceJob));
      return "idle";
    }),
    repeat("direct-answers", LOOPS["direct-answers"].milliseconds, log, async () =>
      (await directInference.forget()) > 0 ? "more" : "idle",
    ),
  ];
}
