import type { StoredEvent } from "../state/events.js";
import type { StateReads } from "../state/state.js";

const PAGE = 500;
/** A number that stays away for this long was rolled back: nobody will ever commit it. */
const GAP_PATIENCE_MILLISECONDS = 2_000;

/**
 * Reads events in the order of their sequence without ever passing one by: numbers are drawn before transactions
 * commit, so a later one may be visible first. The feed waits at a gap until it is filled or given up.
 */
export class EventFeed {
  private gapSince: number | undefined;

  constructor(
    private readonly read: Pick<StateReads, "eventsAfter">,
    private last: number,
    private readonly now: () => number = Date.now,
  ) {}

  get sequence(): number {
    return this.last;
  }

  /** The next events; `waiting` when one of them is still to be committed. */
  async next(): Promise<{ events: StoredEvent[]; waiting: boolean; more: boolean }> {
    const found = await this.read.eventsAfter(this.last, PAGE);
    const events: StoredEvent[] = [];
    for (const event of found) {
      if (event.sequence !== this.last + 1 && !this.gapGivenUp()) {
        return { events, waiting: true, more: false };
      }
      this.gapSince = undefined;
      this.last = event.sequence;
      events.push(event);
    }
    return { events, waiting: false, more: found.length === PAGE };
  }

  private gapGivenUp(): boolean {
    this.gapSince ??= this.now();
    return this.now() - this.gapSince >= GAP_PATIENCE_MILLISECONDS;
  }
}
