/** Through which number events were removed: whoever heard less has missed some. */
export const REMOVED_THROUGH = "events.removed-through";

export interface EventRetentionStore {
  /**
   * Removes the oldest events of before that time; never the newest of all, which says how far numbers have come, nor
   * what a webhook has not been given yet.
   * @returns how many; at most `most`
   */
  remove(before: Date, most: number): Promise<number>;
}

const REMOVED_AT_ONCE = 5_000;

/** Removes all events of before that time, some thousand in a transaction. */
export async function removeEvents(
  before: Date,
  store: EventRetentionStore,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (;;) {
    signal.throwIfAborted();
    const count = await store.remove(before, REMOVED_AT_ONCE);
    removed += count;
    if (count < REMOVED_AT_ONCE) return removed;
  }
}
