export interface CleanUpStore {
  /**
   * Removes tokens, sessions and assertions whose time is over, of each kind at most so many.
   * @returns how many in all
   */
  removeExpired(most: number): Promise<number>;
}

const REMOVED_AT_ONCE = 1_000;

/** Removes all that has expired. Each is refused by its own time long before. */
export async function cleanUp(store: CleanUpStore, signal: AbortSignal): Promise<number> {
  let removed = 0;
  for (;;) {
    signal.throwIfAborted();
    const count = await store.removeExpired(REMOVED_AT_ONCE);
    if (count === 0) return removed;
    removed += count;
  }
}
