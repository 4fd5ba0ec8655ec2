import type { Logger } from "../log.js";
import { repeat, type Outcome, type Repetition } from "./repeat.js";

const OTHERS_MILLISECONDS = 10_000;

/** One lane's look for work. */
export type LaneRound = (
  lane: {
    readonly number: number;
    /** To be said as soon as something was taken: there may be more of it, so the next lane looks too. */
    readonly tookSomething: () => void;
  },
  signal: AbortSignal,
) => Promise<Outcome>;

export interface LaneTimes {
  /** The first lane looks at least this often, the safety net under the wake-up; the others now and then. */
  readonly milliseconds: number;
  /** When to look again after nothing was found. */
  readonly untilNext: () => Promise<Outcome>;
}

/**
 * Does the same work in several lanes at once. A wake-up wakes one lane that rests, and who takes something wakes the
 * next: one message costs one look, many are soon taken by all. Who finds nothing rests; the first lane and one that
 * has just worked (what it could not do may be due again soon) ask when something is due.
 */
export function runLanes(
  name: string,
  count: number,
  times: LaneTimes,
  log: Logger,
  round: LaneRound,
): Repetition {
  const resting = new Set<number>();
  const lanes = Array.from({ length: count }, (_, number) => {
    let hasWorked = false;
    const tookSomething = () => {
      hasWorked = true;
      nextResting()?.wake();
    };
    const milliseconds = number === 0 ? times.milliseconds : OTHERS_MILLISECONDS;
    return repeat(`${name}-${number}`, milliseconds, log, async (signal) => {
      resting.delete(number);
      try {
        const outcome = await round({ number, tookSomething }, signal);
        if (outcome !== "idle") return outcome;
        const asks = number === 0 || hasWorked;
        hasWorked = false;
        return asks ? await times.untilNext() : "idle";
      } finally {
        resting.add(number);
      }
    });
  });
  const nextResting = () => lanes.find((_, number) => resting.has(number));
  return {
    wake() {
      const next = nextResting();
      // While all are at work: whoever is about to find nothing has looked too early.
      for (const lane of next === undefined ? lanes : [next]) lane.wake();
    },
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}
