import { analysisJob } from "../analysis/queue-analyses.js";
import { reviewJob } from "../review/review-job.js";
import type { JobQueue } from "../pipeline/job-queue.js";
import type { State } from "../state/state.js";

const BATCH = 2_000;

/**
 * Brings all work that the state says is unfinished into the queue. What waits or runs there already stays single;
 * what the queue lost (a wiped Redis, a process killed between commit and add) comes back.
 */
export async function refill({
  state,
  queue,
}: {
  readonly state: State;
  readonly queue: JobQueue;
}): Promise<void> {
  const [renditions, analyses, reviews] = await Promise.all([
    state.read.pendingRenditions(BATCH),
    state.read.pendingAnalyses(BATCH),
    state.read.pendingReviews(BATCH),
  ]);
  await queue.add(
    renditions.map(({ orthancId, fileUuid }) => ({
      step: "transcode-instance",
      key: orthancId,
      stamp: fileUuid,
    })),
  );
  await queue.add(analyses.map(analysisJob));
  await queue.add(reviews.map(reviewJob));
}
