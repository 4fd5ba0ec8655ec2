import type { Logger } from "../log.js";

/** Something that is done again and again until it is stopped. */
export interface Repetition {
  /** Does it now rather than when its time comes. */
  wake(): void;
  /** Resolves when the round in progress is over. */
  stop(): Promise<void>;
}

/** What a round found: more to do, nothing, or something that is due after a while. */
export type Outcome = "more" | "idle" | { readonly dueInMilliseconds: number };

/**
 * Repeats a round of work: at once when woken or when the round says there is more, else after the interval, or
 * sooner when something is due before. A failing round is logged and repeated after the interval; it never ends the repetition.
 */
export function repeat(
  name: string,
  intervalMilliseconds: number,
  log: Logger,
  round: (signal: AbortSignal) => Promise<Outcome>,
): Repetition {
  const stopping = new AbortController();
  let woken = false;
  let wakeUp: (() => void) | undefined;
  let failing = false;

  const rest = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
      if (woken || stopping.signal.aborted) wakeUp();
    });

  const run = async (): Promise<void> => {
    // Not before the caller holds the repetition: a round may want to wake it.
    await Promise.resolve();
    while (!stopping.signal.aborted) {
      woken = false;
      let outcome: Outcome = "idle";
      try {
        outcome = await round(stopping.signal);
        if (failing) log.info({ loop: name }, "works again");
        failing = false;
      } catch (error) {
        // One line per outage, not one per round.
        if (!failing) log.warn({ err: error, loop: name }, "round failed; trying again");
        failing = true;
        woken = false;
      }
      if (outcome === "idle") await rest(intervalMilliseconds);
      else if (outcome !== "more") await rest(Math.min(intervalMilliseconds, outcome.dueInMilliseconds));
    }
  };
  const finished = run();

  return {
    wake() {
      woken = true;
      wakeUp?.();
    },
    async stop() {
      stopping.abort();
      wakeUp?.();
      await finished;
    },
  };
}
