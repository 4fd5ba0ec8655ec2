import type { Archive } from "../archive/archive.js";
import type { Droppable, RenditionStore } from "./rendition-store.js";
import { keepsEverything, type RetentionPolicy } from "./retention-policy.js";

const PAGE = 500;
const REMOVALS_AT_ONCE = 4;

export interface RetentionDependencies {
  readonly renditions: RenditionStore;
  readonly archive: Pick<Archive, "deleteRendition">;
}

/**
 * Drops the renditions the policy does not keep; originals are not touched. The row says "dropped" first: from then on
 * the original answers, and a process that dies before the attachment is removed leaves it to the next round.
 * @returns what was dropped
 */
export async function applyRetention(
  policy: RetentionPolicy,
  dependencies: RetentionDependencies,
  signal?: AbortSignal,
): Promise<Droppable> {
  const { renditions } = dependencies;
  let dropped: Droppable = { count: 0, bytes: 0, oldest: null };
  await removeAttachments(dependencies);
  while (!keepsEverything(policy) && signal?.aborted !== true) {
    const page = await renditions.drop(policy, PAGE);
    if (page.count === 0) break;
    await removeAttachments(dependencies);
    dropped = {
      count: dropped.count + page.count,
      bytes: dropped.bytes + page.bytes,
      oldest: dropped.oldest ?? page.oldest,
    };
  }
  return dropped;
}

async function removeAttachments({ renditions, archive }: RetentionDependencies): Promise<void> {
  for (;;) {
    const waiting = await renditions.unremoved(PAGE);
    if (waiting.length === 0) return;
    const lane = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        await archive.deleteRendition(next.orthancId);
        await renditions.removed(next);
      }
    };
    await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, lane));
  }
}
