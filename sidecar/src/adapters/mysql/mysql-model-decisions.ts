import type { Sequelize } from "sequelize";
import type { ModelDecision, ModelDecisions, ModelMode, ModelName } from "../../models/model-modes.js";
import { Statements } from "./statements.js";

/** What was decided about models, in MySQL or MariaDB. */
export class MySqlModelDecisions implements ModelDecisions {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async read(): Promise<{ generation: number; decisions: ModelDecision[] }> {
    // One statement: every process asks every few seconds.
    const rows = await this.statements.select<
      { generation: number | null } & (ModelDecision | { readonly [K in keyof ModelDecision]: null })
    >(
      `SELECT (SELECT generation FROM model_shelf WHERE id = 1) AS generation,
         name, version, mode, changed_by AS changedBy, changed_at AS changedAt
       FROM (SELECT 1) AS one LEFT JOIN model_mode ON TRUE`,
      {},
    );
    const decisions = rows.flatMap((row): ModelDecision[] => {
      if (row.name === null) return [];
      const { name, version, mode, changedBy, changedAt } = row;
      return [{ name, version, mode, changedBy, changedAt }];
    });
    return { generation: rows[0]?.generation ?? 0, decisions };
  }

  async decide({ name, version }: ModelName, mode: ModelMode, changedBy: string): Promise<void> {
    await this.statements.change(
      `INSERT INTO model_mode (name, version, mode, changed_by, changed_at)
       VALUES (:name, :version, :mode, :changedBy, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE mode = VALUES(mode), changed_by = VALUES(changed_by), changed_at = VALUES(changed_at)`,
      { name, version, mode, changedBy },
    );
  }

  async reload(): Promise<number> {
    await this.statements.change("UPDATE model_shelf SET generation = generation + 1 WHERE id = 1", {});
    return (await this.read()).generation;
  }
}
