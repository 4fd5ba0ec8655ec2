import type { StepName } from "./steps.js";

/** A piece of work. `key` says what it is about, `stamp` in which state: the pair makes its identity. */
export interface Job {
  readonly step: StepName;
  readonly key: string;
  readonly stamp: string;
  /** Done when nothing else waits. */
  readonly background?: true;
  /** 1 to 2,000,000: lower ones first, those without one before all that have one. Not both this and `background`. */
  readonly priority?: number;
}

/**
 * Hands jobs to workers at least once. It may forget all of them (a wiped Redis): the state in MySQL says what is
 * still to be done, and `arrival/refill.ts` adds it again.
 */
export interface JobQueue {
  /** Adding a job that is waiting or running already does nothing. */
  add(jobs: readonly Job[]): Promise<void>;
  /** How many background jobs of the step wait. */
  waitingInBackground(step: StepName): Promise<number>;
}
