import type { OrthancId } from "../dicom/uid.js";
import type { Progress } from "./progress.js";
import type { RenditionFilter, RenditionStore, StoredRendition } from "./rendition-store.js";
import { verifyStored, type VerificationDependencies } from "./verify-stored.js";

const PAGE = 200;

export interface VerifyManyDependencies extends VerificationDependencies {
  readonly renditions: RenditionStore;
  /** Checked at the same time. */
  readonly atOnce: number;
}

/**
 * Re-reads stored renditions: a sample of those that were not checked for longest, or all within the filter.
 * @param onBad told of each bad one, which is marked already
 */
export async function verifyMany(
  { filter, sample }: { readonly filter: RenditionFilter; readonly sample: number | undefined },
  dependencies: VerifyManyDependencies,
  progress: Progress,
  onBad: (stored: StoredRendition, reason: string) => Promise<void>,
): Promise<{ readonly checked: number; readonly bad: number }> {
  const { renditions, atOnce } = dependencies;
  const { rendered } = await renditions.backfillFigures(filter);
  const total = Math.min(rendered, sample ?? Infinity);
  let [checked, bad] = [0, 0];
  const check = async (page: StoredRendition[]): Promise<void> => {
    const lane = async (): Promise<void> => {
      for (let next = page.pop(); next !== undefined; next = page.pop()) {
        const reason = await verifyStored(next, dependencies);
        checked += 1;
        if (reason !== undefined) {
          bad += 1;
          await onBad(next, reason);
        }
        await progress.show(checked, Math.max(checked, total));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  };
  if (sample !== undefined) await check(await renditions.longestUnverified(sample));
  else {
    let after: OrthancId | null = null;
    for (;;) {
      const page = await renditions.stored(filter, after, PAGE);
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.orthancId;
      await check(page);
    }
  }
  return { checked, bad };
}
