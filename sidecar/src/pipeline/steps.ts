import type { Role } from "../config.js";

/** A step of the pipeline: which role does it, on how much at a time, and when a job counts as abandoned. */
export interface Step {
  readonly role: Role;
  /** Jobs one process works on at the same time. */
  readonly concurrency: number;
  /** A worker that has not renewed its hold for this long is taken for dead; its job goes to another. */
  readonly lockSeconds: number;
  /** Attempts after which a fault that nobody classified ends in "failed", for a person to look at. */
  readonly attemptsAtUnknownFault: number;
}

/**
 * The step table. Each job is named by what it is about and the state that thing was in, so that adding it twice
 * makes one job. What follows a step is not in the queue but in MySQL: series become stable, outbox rows become due.
 */
export const STEPS = {
  /** instance arrived → HTJ2K rendition attached, or "not renderable, because …" */
  "transcode-instance": { role: "transcoding", concurrency: 48, lockSeconds: 10, attemptsAtUnknownFault: 4 },
  /** series stable → SEG and SR in the archive, outbox message for FHIR */
  "run-analysis": { role: "inference", concurrency: 2, lockSeconds: 10, attemptsAtUnknownFault: 3 },
  /** The same of a series of many slices: one at a time in a process, so that small ones find their way past it. */
  "run-large-analysis": { role: "inference", concurrency: 1, lockSeconds: 10, attemptsAtUnknownFault: 3 },
  /** somebody asks a model → its answer for them, nothing in the archive */
  "answer-inference": { role: "inference", concurrency: 1, lockSeconds: 10, attemptsAtUnknownFault: 3 },
  /** somebody decided about a result → verified SR, or withdrawal, outbox message for FHIR */
  "apply-review": { role: "inference", concurrency: 4, lockSeconds: 10, attemptsAtUnknownFault: 4 },
} as const satisfies Record<string, Step>;

export type StepName = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as StepName[];
