import { createHash, randomUUID } from "node:crypto";
import type { Transaction } from "sequelize";
import type { ChartQuestion, ChartQuestions, NewChartQuestion } from "../../emr/chart-questions.js";
import type { Statements } from "./statements.js";

/** What a chart's item is known by. */
const subjectOf = (chart: string) => createHash("sha256").update(chart).digest("hex");

/** Charts of another EMR on the identity worklist. */
export class MySqlChartQuestions implements ChartQuestions {
  constructor(
    private readonly statements: Statements,
    private readonly transaction: Transaction,
  ) {}

  async of(chart: string): Promise<ChartQuestion | null> {
    const [row] = await this.statements.select<ChartQuestion>(
      "SELECT state, resolution, facts FROM emr_identity_item WHERE kind = 'chart' AND subject = :subject FOR UPDATE",
      { subject: subjectOf(chart) },
      this.transaction,
    );
    return row ?? null;
  }

  async ask(chart: string, { reasons, candidates, facts }: NewChartQuestion): Promise<void> {
    await this.statements.change(
      `INSERT INTO emr_identity_item (id, kind, subject, reasons, candidates, facts, opened_at)
       VALUES (:id, 'chart', :subject, :reasons, :candidates, :facts, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE opened_at = IF(state = 'open', opened_at, VALUES(opened_at)), state = 'open',
         reasons = VALUES(reasons), candidates = VALUES(candidates), facts = VALUES(facts), resolution = NULL,
         resolved_patient_id = NULL, resolved_at = NULL, resolved_by = NULL, resolved_by_name = NULL, comment = NULL`,
      {
        id: randomUUID(),
        subject: subjectOf(chart),
        reasons: JSON.stringify(reasons),
        candidates: JSON.stringify(candidates),
        facts,
      },
      this.transaction,
    );
  }

  async settle(chart: string): Promise<void> {
    await this.statements.change(
      `UPDATE emr_identity_item SET state = 'resolved', resolution = 'settled', resolved_at = UTC_TIMESTAMP(3)
       WHERE kind = 'chart' AND subject = :subject AND state = 'open'`,
      { subject: subjectOf(chart) },
      this.transaction,
    );
  }
}
