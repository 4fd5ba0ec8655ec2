import type { Sequelize } from "sequelize";
import type { CleanUpStore } from "../../schedules/clean-up.js";
import { Statements } from "./statements.js";

/** Rows that are worth nothing once their time is over, and the column that has it. */
const EXPIRING = [
  ["refresh_token", "expires_at"],
  ["used_launch", "kept_until"],
  ["launched_session", "expires_at"],
  ["client_assertion", "expires_at"],
  ["hook_message", "kept_until"],
] as const;

export class MySqlCleanUp implements CleanUpStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async removeExpired(most: number): Promise<number> {
    let removed = 0;
    for (const [table, column] of EXPIRING)
      removed += await this.statements.change(
        `DELETE FROM ${table} WHERE ${column} < UTC_TIMESTAMP(3) LIMIT :most`,
        { most },
      );
    return removed;
  }
}
