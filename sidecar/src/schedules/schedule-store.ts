import type { ScheduleName } from "./schedule.js";

/** How the last run of a schedule ended. */
export interface ScheduleRun {
  readonly name: string;
  /** The newest slot that was done; null while none was. */
  readonly doneSlot: Date | null;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly succeeded: boolean;
  /** Slots done since the beginning. */
  readonly runs: number;
}

/** What was done when, shared by all processes. */
export interface ScheduleStore {
  runs(): Promise<readonly ScheduleRun[]>;
  /** The slot is done: nobody does it again. */
  done(name: ScheduleName, slot: Date, startedAt: Date): Promise<void>;
  /** The slot stays due. */
  failed(name: ScheduleName, startedAt: Date): Promise<void>;
}
