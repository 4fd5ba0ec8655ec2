import { type Sequelize, type Transaction } from "sequelize";
import { isAbout } from "../../review/standing-review.js";
import type { AnalysisResult, AnalysisState } from "../../state/records.js";
import type { NewReview, RecordedReview, ReviewRow } from "../../state/review-records.js";
import { activeTraceparent } from "../../tracing/active-trace.js";
import { instant } from "./audit-columns.js";
import { REVIEW_COLUMNS, reviewRow, type ReviewColumns } from "./review-columns.js";
import { Statements } from "./statements.js";

interface LockedAnalysis {
  readonly state: AnalysisState;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly result: AnalysisResult | null;
}

/** Writes to reviews within one transaction of the state. The row of the analysis is what they wait for each other on. */
export class ReviewWrites {
  private readonly statements: Statements;

  constructor(
    sequelize: Sequelize,
    private readonly transaction: Transaction,
  ) {
    this.statements = new Statements(sequelize);
  }

  async record(review: NewReview): Promise<RecordedReview> {
    const analysis = await this.lock(review.analysisId);
    const kept = review.idempotency === null ? undefined : await this.ofKey(review.idempotency.keyHash);
    if (kept !== undefined)
      return kept.requestHash === review.idempotency?.requestHash
        ? { outcome: "repeated", review: reviewRow(kept) }
        : { outcome: "key-reused" };
    const uid = review.reportSopInstanceUid;
    const earlier = (await this.find("analysis_id = :analysisId", { analysisId: review.analysisId }))
      .map(reviewRow)
      .find((candidate) => isAbout(candidate, uid));
    if (earlier !== undefined)
      return { outcome: isSame(earlier, review) ? "repeated" : "decided", review: earlier };
    const current = analysis?.result?.report.sopInstanceUid ?? null;
    if (analysis?.state !== "succeeded" || current !== uid)
      return { outcome: "superseded", reportSopInstanceUid: current };
    return { outcome: "recorded", review: await this.insert(review, analysis) };
  }

  async finish(id: number, result: AnalysisResult): Promise<boolean> {
    const [found] = await this.find("id = :id AND state = 'pending'", { id });
    if (found === undefined) return false;
    const { analysisId, reportSopInstanceUid } = reviewRow(found);
    const analysis = await this.lock(analysisId);
    const stands =
      analysis?.state === "succeeded" && analysis.result?.report.sopInstanceUid === reportSopInstanceUid;
    if (stands) {
      await this.run("UPDATE analysis SET result = :result WHERE id = :analysisId", {
        analysisId,
        result: JSON.stringify(result),
      });
      // What was held has gone where it belongs, or is rejected. A corrected segmentation stays: it was somebody's work.
      await this.run(
        `DELETE FROM result_object WHERE analysis_id = :analysisId AND sop_instance_uid NOT IN
           (SELECT corrected_sop_instance_uid FROM review WHERE analysis_id = :analysisId AND corrected_sop_instance_uid IS NOT NULL)`,
        { analysisId },
      );
    }
    await this.run("UPDATE review SET state = :state, failure = NULL WHERE id = :id", {
      id,
      state: stands ? "applied" : "superseded",
    });
    return stands;
  }

  async supersede(id: number): Promise<void> {
    await this.run("UPDATE review SET state = 'superseded' WHERE id = :id AND state = 'pending'", { id });
  }

  async fail(id: number, reason: string): Promise<boolean> {
    const changed = await this.run(
      "UPDATE review SET state = 'failed', failure = :reason WHERE id = :id AND state = 'pending'",
      { id, reason: reason.slice(0, 1000) },
    );
    return changed > 0;
  }

  async retry(id: number): Promise<boolean> {
    const changed = await this.run(
      "UPDATE review SET state = 'pending', failure = NULL WHERE id = :id AND state = 'failed'",
      { id },
    );
    return changed > 0;
  }

  /** The result that was decided about is there again, as the model made it. */
  async reopen(analysisId: number, reportSopInstanceUid: string): Promise<void> {
    await this.run(
      `UPDATE review SET state = 'pending' WHERE analysis_id = :analysisId
         AND report_sop_instance_uid = :reportSopInstanceUid AND state <> 'pending'`,
      { analysisId, reportSopInstanceUid },
    );
  }

  private async insert(review: NewReview, analysis: LockedAnalysis): Promise<ReviewRow> {
    const { reviewer, idempotency, ...columns } = review;
    const id = await this.statements.insert(
      `INSERT INTO review (analysis_id, study_instance_uid, model_name, model_version, report_sop_instance_uid, decision,
         reason, comment, reviewer_subject, reviewer_username, reviewer_name, reviewer_organisation, decided_at,
         verified_sop_instance_uid, corrected_sop_instance_uid, original, key_hash, request_hash, traceparent)
       VALUES (:analysisId, :studyInstanceUid, :modelName, :modelVersion, :reportSopInstanceUid, :decision, :reason,
         :comment, :subject, :username, :displayName, :organisation, :decidedAt, :verifiedSopInstanceUid,
         :correctedSopInstanceUid, :original, :keyHash, :requestHash, :traceparent)`,
      {
        ...columns,
        ...reviewer,
        decidedAt: instant(review.decidedAt),
        modelName: analysis.modelName,
        modelVersion: analysis.modelVersion,
        original: JSON.stringify(analysis.result),
        keyHash: idempotency?.keyHash ?? null,
        requestHash: idempotency?.requestHash ?? null,
        traceparent: activeTraceparent(),
      },
      this.transaction,
    );
    const [row] = await this.find("id = :id", { id });
    if (row === undefined) throw new Error("the review that was just written is not there");
    return reviewRow(row);
  }

  private async lock(id: number): Promise<LockedAnalysis | undefined> {
    const [row] = await this.statements.select<Omit<LockedAnalysis, "result"> & { result: string | null }>(
      `SELECT state, model_name AS modelName, model_version AS modelVersion, result
       FROM analysis WHERE id = :id FOR UPDATE`,
      { id },
      this.transaction,
    );
    return row && { ...row, result: row.result === null ? null : (JSON.parse(row.result) as AnalysisResult) };
  }

  private async ofKey(keyHash: string): Promise<ReviewColumns | undefined> {
    const [row] = await this.find("key_hash = :keyHash", { keyHash });
    return row;
  }

  private find(condition: string, replacements: Record<string, unknown>): Promise<ReviewColumns[]> {
    // Of what is committed by now, not of what was when the transaction began.
    return this.statements.select<ReviewColumns>(
      `SELECT ${REVIEW_COLUMNS} FROM review WHERE ${condition} ORDER BY review.id FOR UPDATE`,
      replacements,
      this.transaction,
    );
  }

  private run(statement: string, replacements: Record<string, unknown>): Promise<number> {
    return this.statements.change(statement, replacements, this.transaction);
  }
}

/** The same decision of the same person; of an edit with the same segmentation. */
function isSame(earlier: ReviewRow, { decision, reviewer, correctedSopInstanceUid }: NewReview): boolean {
  return (
    earlier.decision === decision &&
    earlier.reviewer.subject === reviewer.subject &&
    earlier.correctedSopInstanceUid === correctedSopInstanceUid
  );
}
