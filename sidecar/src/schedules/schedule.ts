/** Work that is done once in a while, by one process of all: once for each slot of time. */
export interface Schedule {
  readonly name: string;
  /** Minutes from one slot to the next, counted from midnight UTC: a divisor of a day's 1,440. */
  readonly everyMinutes: number;
  /** Minutes after the beginning of the slot. */
  readonly atMinute: number;
  /** Reads or writes many rows: never due in the same minutes as another of its kind. */
  readonly heavy: boolean;
  readonly does: string;
}

/** All there are. docs/schedules.md is this table and that of the loops. */
export const SCHEDULES = [
  {
    name: "clean-up",
    everyMinutes: 60,
    atMinute: 5,
    heavy: false,
    does: "removes expired refresh tokens, launched sessions, client assertions and kept answers",
  },
  {
    name: "event-retention",
    everyMinutes: 60,
    atMinute: 15,
    heavy: true,
    does: "removes events older than `NEURONOVA_EVENT_RETENTION_DAYS`",
  },
  {
    name: "outbox-retention",
    everyMinutes: 60,
    atMinute: 25,
    heavy: true,
    does: "removes delivered and dropped messages older than `NEURONOVA_OUTBOX_RETENTION_DAYS`",
  },
  {
    name: "audit-retention",
    everyMinutes: 60,
    atMinute: 35,
    heavy: true,
    does: "removes audit rows older than `NEURONOVA_AUDIT_RETENTION_DAYS`, when that is not 0",
  },
  {
    name: "audit-verification",
    everyMinutes: 1_440,
    atMinute: 170,
    heavy: true,
    does: "follows the audit trail's hash chain from end to end; says so in the log and in metrics when it is broken",
  },
  {
    name: "backup-reminder",
    everyMinutes: 360,
    atMinute: 45,
    heavy: false,
    does: "warns in the log when the last backup that was noted is older than `NEURONOVA_BACKUP_HOURS`",
  },
  {
    name: "model-statistics",
    everyMinutes: 60,
    atMinute: 5,
    heavy: true,
    does: "counts what each model did today, and on the day before once it is over ([models.md](models.md))",
  },
] as const satisfies readonly Schedule[];

export type ScheduleName = (typeof SCHEDULES)[number]["name"];

const MINUTE_MILLISECONDS = 60_000;

/** When the schedule was last due. */
export function slotOf({ everyMinutes, atMinute }: Schedule, now: Date): Date {
  const period = everyMinutes * MINUTE_MILLISECONDS;
  const offset = atMinute * MINUTE_MILLISECONDS;
  return new Date(Math.floor((now.getTime() - offset) / period) * period + offset);
}
