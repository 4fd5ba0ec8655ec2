import type { Sequelize } from "sequelize";
import type { LabelStore } from "../../labels/study-labels.js";
import { Statements } from "./statements.js";

/** Labels of studies in MySQL or MariaDB. */
export class MySqlLabels implements LabelStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  set(orthancId: string, labels: readonly string[]): Promise<void> {
    return this.statements.transaction(async (transaction) => {
      await this.statements.change(
        "DELETE FROM study_label WHERE study_id = :orthancId",
        { orthancId },
        transaction,
      );
      for (const label of labels) {
        await this.statements.change(
          "INSERT IGNORE INTO study_label (study_id, label) VALUES (:orthancId, :label)",
          { orthancId, label },
          transaction,
        );
      }
    });
  }
}
