import type { Outcome } from "../pipeline/repeat.js";

/** After a notification. Lua tells no more than once in a second (lua-scripts/instance-stored.lua), by whole seconds. */
const CLOSELY_MILLISECONDS = 2_500;
/**
 * After a page of changes: what is stored in this time is recorded together. Longer after a long one: when thousands of
 * images come in, receiving them is what the machine is needed for.
 */
const PACE = { milliseconds: 50, ofEachInstance: 20, longest: 1_000 };
/**
 * From the one rate on images come in faster than people look at them, and others step back
 * (transcoding/receiving-first.ts); below the other one they have stopped.
 */
const BURST = { instances: 5, beginsPerSecond: 50, endsPerSecond: 20 };

/** What the others are told by the wake channel. */
export const RECEPTION_TOPICS = {
  /** An instance was stored. */
  stored: "stored",
  /** Many images are coming in. */
  busy: "receiving",
  /** They have stopped. */
  quiet: "received",
} as const;

/** How closely the change log is followed, and whether images come in by the hundred. Pure: times are its arguments. */
export class Reception {
  private closelyUntil = 0;
  private readAt = 0;
  private busy = false;
  private readonly longestPause: number;

  /**
   * @param stableAfterSeconds what waits in the change log for longer would make a series stable that still receives,
   *   and have it analysed twice
   */
  constructor(stableAfterSeconds: number) {
    this.longestPause = Math.min(PACE.longest, (stableAfterSeconds * 1_000) / 2);
  }

  /** Something was stored. @returns whether the change log is to be read now, rather than at the end of a pause */
  stored(now: number): boolean {
    const wasClosely = now < this.closelyUntil;
    this.closelyUntil = now + CLOSELY_MILLISECONDS;
    return !wasClosely;
  }

  /**
   * A page of changes was read.
   * @returns when to read the next, and what to tell the others
   */
  read(arrived: number, more: boolean, now: number): { readonly next: Outcome; readonly tell?: string } {
    const perSecond = (arrived * 1_000) / Math.max(1, now - this.readAt);
    this.readAt = now;
    const busy = this.busy
      ? perSecond >= BURST.endsPerSecond
      : arrived >= BURST.instances && perSecond >= BURST.beginsPerSecond;
    const tell = busy ? RECEPTION_TOPICS.busy : this.busy ? RECEPTION_TOPICS.quiet : undefined;
    this.busy = busy;
    const next = more
      ? "more"
      : now < this.closelyUntil
        ? {
            dueInMilliseconds: Math.min(
              this.longestPause,
              Math.max(PACE.milliseconds, PACE.ofEachInstance * arrived),
            ),
          }
        : "idle";
    return { next, ...(tell === undefined ? {} : { tell }) };
  }
}
