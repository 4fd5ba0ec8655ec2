import { setTimeout as pause } from "node:timers/promises";

/** Longer than the change log rests between two looks while images come in (arrival/reception.ts). */
const HEARD_FOR_MILLISECONDS = 1_500;
/** A burst that begins sooner after another goes on with it. */
const BETWEEN_BURSTS_MILLISECONDS = 2_000;
const LOOK_MILLISECONDS = 25;

/**
 * Lets encoding wait while images come in by the hundred. A low priority is not enough: on few processors an encoder slows
 * down whatever runs beside it, and receiving would take twice as long. Nobody waits for long: a burst holds work back for
 * a limited time, then both go on together.
 */
export class ReceivingFirst {
  private heardAt = -Infinity;
  private beganAt = -Infinity;
  private over = true;
  private waiting: Promise<void> | undefined;

  /** @param longestMilliseconds for which one burst holds work back; 0 is not at all */
  constructor(
    private readonly longestMilliseconds: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Many images are coming in. */
  busy(): void {
    const now = this.now();
    if (now - this.heardAt > BETWEEN_BURSTS_MILLISECONDS) this.beganAt = now;
    this.heardAt = now;
    this.over = false;
  }

  /** They have stopped. */
  quiet(): void {
    this.over = true;
  }

  isHeld(): boolean {
    const now = this.now();
    return (
      !this.over &&
      now - this.heardAt < HEARD_FOR_MILLISECONDS &&
      now - this.beganAt < this.longestMilliseconds
    );
  }

  /** Resolves when work may begin, or is to end. */
  async turn(signal: AbortSignal): Promise<void> {
    if (!this.isHeld()) return;
    // One look for all that wait.
    this.waiting ??= this.wait(signal);
    await this.waiting;
    this.waiting = undefined;
  }

  private async wait(signal: AbortSignal): Promise<void> {
    do await pause(LOOK_MILLISECONDS);
    while (this.isHeld() && !signal.aborted);
  }
}
