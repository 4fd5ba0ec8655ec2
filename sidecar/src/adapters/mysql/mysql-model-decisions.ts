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
    const [[shelf], decisions] = await Promise.all([
      this.statements.select<{ generation: number }>("SELECT generation FROM model_shelf WHERE id = 1", {}),
      this.statements.select<ModelDecision>(
        "SELECT name, version, mode, changed_by AS changedBy, changed_at AS changedAt FROM model_mode",
        {},
      ),
    ]);
    return { generation: shelf?.generation ?? 0, decisions };
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
