import type { JobQueue } from "../pipeline/job-queue.js";
import type { Outcome } from "../pipeline/repeat.js";
import type { RenditionStore } from "./rendition-store.js";

/** Background entries the queue holds at most, a half more for a moment: the rest waits in MySQL. */
const WINDOW = 256;
/** While there is such work: before a fast worker is through with half a window. */
const SOON = { dueInMilliseconds: 500 };

/**
 * Brings background work into the queue a window at a time, however much of it there is: an archive of 100,000
 * instances, a new version of the rendition's format, a backfill.
 */
export async function fillBackground({
  renditions,
  queue,
}: {
  readonly renditions: Pick<RenditionStore, "backgroundWork">;
  readonly queue: JobQueue;
}): Promise<Outcome> {
  if ((await queue.waitingInBackground("transcode-instance")) > WINDOW / 2) return SOON;
  const work = await renditions.backgroundWork(WINDOW);
  await queue.add(
    work.map(({ orthancId, fileUuid }) => ({
      step: "transcode-instance",
      key: orthancId,
      stamp: fileUuid,
      background: true,
    })),
  );
  return work.length > 0 ? SOON : "idle";
}
