import type { Sequelize } from "sequelize";
import { REMOVED_THROUGH, type EventRetentionStore } from "../../events/event-retention.js";
import { Statements } from "./statements.js";

/** Removes old events in MySQL or MariaDB. */
export class MySqlEventRetention implements EventRetentionStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  remove(before: Date, most: number): Promise<number> {
    return this.statements.transaction(async (transaction) => {
      const [found] = await this.statements.select<{ last: number | null; count: number }>(
        `SELECT MAX(sequence) AS last, COUNT(*) AS count FROM (
           SELECT sequence FROM event WHERE time < :before
             AND sequence < (SELECT MAX(sequence) FROM event)
             AND (NOT EXISTS (SELECT 1 FROM webhook WHERE enabled = 1)
               OR sequence <= (SELECT value FROM position_cursor WHERE name = 'webhooks'))
           ORDER BY sequence LIMIT :most) AS old`,
        { before, most },
        transaction,
      );
      if (found === undefined || found.last === null) return 0;
      // Whoever resumes meanwhile is told that it missed some rather than left in the dark.
      await this.statements.change(
        `INSERT INTO position_cursor (name, value) VALUES (:name, :last)
         ON DUPLICATE KEY UPDATE value = GREATEST(value, VALUES(value))`,
        { name: REMOVED_THROUGH, last: found.last },
        transaction,
      );
      await this.statements.change(
        "DELETE FROM event WHERE sequence <= :last ORDER BY sequence LIMIT :most",
        { last: found.last, most },
        transaction,
      );
      return found.count;
    });
  }
}
