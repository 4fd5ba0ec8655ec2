import { startWorker } from "../adapters/redis/bullmq-queue.js";
import type { Metrics } from "../health/metrics.js";
import type { Logger } from "../log.js";
import type { Connections } from "../connections.js";
import { applyReview, failReview, type ApplyReviewDependencies } from "../review/apply-review.js";

/** Beside the inference role's analyses: carries out what people decide about results. */
export function startReviews(
  dependencies: ApplyReviewDependencies,
  { workerConnection }: Pick<Connections, "workerConnection">,
  metrics: Metrics,
  log: Logger,
): { stop(): Promise<void> } {
  return startWorker(
    "apply-review",
    {
      async work({ key }, signal) {
        const end = metrics.steps.startTimer({ step: "apply-review" });
        await applyReview(Number(key), dependencies, signal).then(
          () => end({ outcome: "done" }),
          (error: unknown) => {
            end({ outcome: "fault" });
            throw error;
          },
        );
      },
      giveUp: ({ key }, error) => failReview(Number(key), error, dependencies),
    },
    workerConnection(),
    log,
  );
}
