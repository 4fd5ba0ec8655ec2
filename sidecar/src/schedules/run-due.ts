import type { Logger } from "../log.js";
import { SCHEDULES, slotOf, type ScheduleName } from "./schedule.js";
import type { ScheduleStore } from "./schedule-store.js";

/** What a schedule does. It bears being done again: a process that dies in the middle leaves the slot to the next. */
export type Task = (signal: AbortSignal) => Promise<void>;

export interface RunDueDependencies {
  readonly store: ScheduleStore;
  readonly tasks: Readonly<Record<ScheduleName, Task>>;
  readonly log: Logger;
  readonly now: () => Date;
}

const RETRY_MILLISECONDS = 60_000;

/**
 * Does what is due, one after the other. Called by the one process that leads: a slot that is done is done for all. After
 * a time without any process only the newest slot is made up for.
 */
export async function runDue(
  { store, tasks, log, now }: RunDueDependencies,
  signal: AbortSignal,
): Promise<void> {
  const last = new Map((await store.runs()).map((run) => [run.name, run]));
  for (const schedule of SCHEDULES) {
    if (isStopped(signal)) return;
    const { name } = schedule;
    const startedAt = now();
    const slot = slotOf(schedule, startedAt);
    const run = last.get(name);
    if (run?.doneSlot && run.doneSlot >= slot) continue;
    if (run?.succeeded === false && startedAt.getTime() - run.endedAt.getTime() < RETRY_MILLISECONDS)
      continue;
    const fault = await faultOf(tasks[name], signal);
    if (fault === undefined) await store.done(name, slot, startedAt);
    else if (isStopped(signal)) return;
    else {
      log.warn({ err: fault.error, schedule: name }, "scheduled work failed; it is tried again");
      await store.failed(name, startedAt);
    }
  }
}

async function faultOf(task: Task, signal: AbortSignal): Promise<{ readonly error: unknown } | undefined> {
  try {
    await task(signal);
    return undefined;
  } catch (error) {
    return { error };
  }
}

function isStopped(signal: AbortSignal): boolean {
  return signal.aborted;
}
