import type { Sequelize } from "sequelize";
import type { ScheduleName } from "../../schedules/schedule.js";
import type { ScheduleRun, ScheduleStore } from "../../schedules/schedule-store.js";
import { Statements } from "./statements.js";

/** What was done when, in MySQL or MariaDB. */
export class MySqlSchedules implements ScheduleStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async runs(): Promise<readonly ScheduleRun[]> {
    const rows = await this.statements.select<Omit<ScheduleRun, "succeeded"> & { succeeded: number }>(
      `SELECT name, done_slot AS doneSlot, started_at AS startedAt, ended_at AS endedAt, succeeded, runs
       FROM schedule_run ORDER BY name`,
      {},
    );
    return rows.map((row) => ({ ...row, succeeded: row.succeeded === 1 }));
  }

  async done(name: ScheduleName, slot: Date, startedAt: Date): Promise<void> {
    await this.statements.change(
      `INSERT INTO schedule_run (name, done_slot, started_at, ended_at, succeeded, runs)
       VALUES (:name, :slot, :startedAt, UTC_TIMESTAMP(3), 1, 1)
       ON DUPLICATE KEY UPDATE done_slot = VALUES(done_slot), started_at = VALUES(started_at),
         ended_at = VALUES(ended_at), succeeded = 1, runs = runs + 1`,
      { name, slot, startedAt },
    );
  }

  async failed(name: ScheduleName, startedAt: Date): Promise<void> {
    await this.statements.change(
      `INSERT INTO schedule_run (name, started_at, ended_at, succeeded, runs)
       VALUES (:name, :startedAt, UTC_TIMESTAMP(3), 0, 0)
       ON DUPLICATE KEY UPDATE started_at = VALUES(started_at), ended_at = VALUES(ended_at), succeeded = 0`,
      { name, startedAt },
    );
  }
}
