import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type { OrthancId } from "../../dicom/uid.js";
import type {
  AnalysisInputOf,
  AnalysisRequest,
  AnalysisResult,
  AnalysisRow,
  ResultFigures,
} from "../../state/records.js";
import { activeTraceparent } from "../../tracing/active-trace.js";
import { AnalysisModel } from "./models/work.js";

/** A row as the features see it. */
export function analysisRow(model: AnalysisModel): AnalysisRow {
  const { cancelRequestedAt, ...row } = model.get({ plain: true });
  return {
    ...row,
    id: Number(row.id),
    cancelRequested: cancelRequestedAt !== null,
    result: row.result === null || row.shadow ? null : (JSON.parse(row.result) as AnalysisResult),
    shadowResult: row.result === null || !row.shadow ? null : (JSON.parse(row.result) as ResultFigures),
  };
}

/** What a row is when it is queued, whatever it was before. */
const AFRESH =
  "attempts = 0, interruptions = 0, code = NULL, reason = NULL, slices_done = 0, cancel_requested_at = NULL, canceled_by = NULL, waiting_since = UTC_TIMESTAMP(3)";

const ASKED = ", priority = :priority, requested_by = :requestedBy";
/** Over with nothing to show. */
const OVER = "state IN ('failed', 'canceled', 'not-applicable')";

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
    input: AnalysisInputOf,
    {
      request,
      shadow = false,
    }: { readonly request?: AnalysisRequest | undefined; readonly shadow?: boolean },
  ): Promise<{ readonly analysis: AnalysisRow; readonly queued: boolean }> {
    const values = {
      seriesId,
      modelName,
      modelVersion,
      inputDigest: input.digest,
      slices: input.slices,
      priority: request?.priority ?? "medium",
      requestedBy: request?.requestedBy ?? null,
      shadow,
      traceparent: activeTraceparent(),
    };
    const created = await this.run(
      `INSERT IGNORE INTO analysis (series_id, model_name, model_version, input_digest, shadow, state, queued_at, waiting_since, priority, requested_by, slices, traceparent)
       VALUES (:seriesId, :modelName, :modelVersion, :inputDigest, :shadow, 'queued', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), :priority, :requestedBy, :slices, :traceparent)`,
      values,
    );
    // The result of the earlier input is kept until the new one replaces it: it names what has to be withdrawn.
    const again =
      request === undefined ? "input_digest <> :inputDigest" : `(input_digest <> :inputDigest OR ${OVER})`;
    const queued =
      created ||
      (await this.run(
        `UPDATE analysis SET state = 'queued', ${AFRESH}, slices = :slices, traceparent = :traceparent,
           queued_at = IF(input_digest = :inputDigest, queued_at, UTC_TIMESTAMP(3)), input_digest = :inputDigest
           ${request === undefined ? "" : ASKED}
         WHERE series_id = :seriesId AND model_name = :modelName AND model_version = :modelVersion AND shadow = :shadow AND ${again}`,
        values,
      ));
    const row = await AnalysisModel.findOne({
      where: { seriesId, modelName, modelVersion, shadow },
      rejectOnEmpty: true,
      transaction: this.transaction,
    });
    return { analysis: analysisRow(row), queued };
  }

  startAnalysis(id: number, inputDigest: string): Promise<boolean> {
    return this.run(
      // Assigned from left to right: whoever had it running has not come back.
      `UPDATE analysis SET interruptions = interruptions + (state = 'running'), state = 'running', started_at = UTC_TIMESTAMP(3), finished_at = NULL, slices_done = 0, attempts = attempts + 1
       WHERE id = :id AND input_digest = :inputDigest AND state IN ('queued', 'running')`,
      { id, inputDigest },
    );
  }

  async interruptAnalysis(id: number, inputDigest: string): Promise<void> {
    await this.run(
      "UPDATE analysis SET state = 'queued' WHERE id = :id AND input_digest = :inputDigest AND state = 'running'",
      { id, inputDigest },
    );
  }

  finishAnalysis(id: number, inputDigest: string, result: AnalysisResult | ResultFigures): Promise<boolean> {
    return this.run(
      `UPDATE analysis SET state = 'succeeded', finished_at = UTC_TIMESTAMP(3), code = NULL, reason = NULL, slices_done = slices, result = :result
       WHERE id = :id AND input_digest = :inputDigest AND state IN ('queued', 'running') AND cancel_requested_at IS NULL`,
      { id, inputDigest, result: JSON.stringify(result) },
    );
  }

  endAnalysis(
    id: number,
    inputDigest: string,
    state: "failed" | "not-applicable" | "canceled",
    code: string,
    reason: string,
    keepResult: boolean,
  ): Promise<boolean> {
    return this.run(
      `UPDATE analysis SET state = :state, finished_at = UTC_TIMESTAMP(3), code = :code, reason = :reason
         ${keepResult ? "" : ", result = NULL"}
       WHERE id = :id AND input_digest = :inputDigest AND state IN ('queued', 'running')`,
      { id, inputDigest, state, code, reason: reason.slice(0, 1000) },
    );
  }

  retryAnalysis(id: number, request?: AnalysisRequest): Promise<boolean> {
    return this.run(
      `UPDATE analysis SET state = 'queued', ${AFRESH}, traceparent = COALESCE(:traceparent, traceparent)
         ${request === undefined ? "" : ASKED}
       WHERE id = :id AND ${OVER}`,
      { id, traceparent: activeTraceparent(), ...request },
    );
  }

  async recordProgress(id: number, slicesDone: number): Promise<void> {
    await this.run("UPDATE analysis SET slices_done = :slicesDone WHERE id = :id AND state = 'running'", {
      id,
      slicesDone,
    });
  }

  cancelUnbegun(id: number, canceledBy: string): Promise<boolean> {
    return this.run(
      `UPDATE analysis SET state = 'canceled', finished_at = UTC_TIMESTAMP(3), canceled_by = :canceledBy,
         code = 'canceled', reason = 'It was canceled.'
       WHERE id = :id AND state = 'queued' AND attempts = 0 AND result IS NULL`,
      { id, canceledBy },
    );
  }

  requestCancel(id: number, canceledBy: string): Promise<boolean> {
    return this.run(
      `UPDATE analysis SET cancel_requested_at = UTC_TIMESTAMP(3), canceled_by = :canceledBy
       WHERE id = :id AND state IN ('queued', 'running') AND cancel_requested_at IS NULL`,
      { id, canceledBy },
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
