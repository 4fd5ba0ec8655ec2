import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type { OrthancId } from "../../dicom/uid.js";
import type { AnalysisResult, AnalysisRow } from "../../state/records.js";
import { AnalysisModel } from "./models/work.js";

/** A row as the features see it. */
export function analysisRow(model: AnalysisModel): AnalysisRow {
  const {
    id,
    seriesId,
    modelName,
    modelVersion,
    inputDigest,
    state,
    code,
    reason,
    attempts,
    queuedAt,
    result,
  } = model;
  return {
    id: Number(id),
    seriesId,
    modelName,
    modelVersion,
    inputDigest,
    state,
    code,
    reason,
    attempts,
    queuedAt,
    result: result === null ? null : (JSON.parse(result) as AnalysisResult),
  };
}

/** Writes to analysis within one transaction. Each move is guarded by the input it was about. */
export class AnalysisWrites {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly transaction: Transaction,
  ) {}

  async queueAnalysis(
    seriesId: OrthancId,
    modelName: string,
    modelVersion: string,
    inputDigest: string,
  ): Promise<AnalysisRow | null> {
    const changed = await this.run(
      // The result of the earlier input is kept until the new one replaces it: it names what has to be withdrawn.
      `INSERT INTO analysis (series_id, model_name, model_version, input_digest, state, queued_at)
       VALUES (:seriesId, :modelName, :modelVersion, :inputDigest, 'queued', UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE
         state = IF(input_digest = VALUES(input_digest), state, 'queued'),
         queued_at = IF(input_digest = VALUES(input_digest), queued_at, VALUES(queued_at)),
         code = IF(input_digest = VALUES(input_digest), code, NULL),
         reason = IF(input_digest = VALUES(input_digest), reason, NULL),
         attempts = IF(input_digest = VALUES(input_digest), attempts, 0),
         input_digest = VALUES(input_digest)`,
      { seriesId, modelName, modelVersion, inputDigest },
    );
    if (!changed) return null;
    const row = await AnalysisModel.findOne({
      where: { seriesId, modelName, modelVersion },
      transaction: this.transaction,
    });
    return row === null ? null : analysisRow(row);
  }

  startAnalysis(id: number, inputDigest: string): Promise<boolean> {
    return this.run(
      `UPDATE analysis SET state = 'running', started_at = UTC_TIMESTAMP(3), attempts = attempts + 1
       WHERE id = :id AND input_digest = :inputDigest AND state IN ('queued', 'running')`,
      { id, inputDigest },
    );
  }

  finishAnalysis(id: number, inputDigest: string, result: AnalysisResult): Promise<boolean> {
    return this.run(
      `UPDATE analysis SET state = 'succeeded', finished_at = UTC_TIMESTAMP(3), code = NULL, reason = NULL, result = :result
       WHERE id = :id AND input_digest = :inputDigest AND state IN ('queued', 'running')`,
      { id, inputDigest, result: JSON.stringify(result) },
    );
  }

  endAnalysis(
    id: number,
    inputDigest: string,
    state: "failed" | "not-applicable",
    code: string,
    reason: string,
  ): Promise<boolean> {
    return this.run(
      `UPDATE analysis SET state = :state, finished_at = UTC_TIMESTAMP(3), code = :code, reason = :reason
       WHERE id = :id AND input_digest = :inputDigest AND state IN ('queued', 'running')`,
      { id, inputDigest, state, code, reason: reason.slice(0, 1000) },
    );
  }

  retryAnalysis(id: number): Promise<boolean> {
    return this.run(
      "UPDATE analysis SET state = 'queued', code = NULL, reason = NULL WHERE id = :id AND state = 'failed'",
      { id },
    );
  }

  private async run(statement: string, replacements: Record<string, unknown>): Promise<boolean> {
    const [, affected] = await this.sequelize.query(statement, {
      replacements,
      type: QueryTypes.UPDATE,
      transaction: this.transaction,
    });
    return affected > 0;
  }
}
