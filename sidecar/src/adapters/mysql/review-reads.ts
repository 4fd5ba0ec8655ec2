import { QueryTypes, type Sequelize } from "sequelize";
import type { AnalysisRow } from "../../state/records.js";
import type { ReviewCount, ReviewReads, ReviewRow } from "../../state/review-records.js";
import { standingReview } from "../../review/standing-review.js";
import { REVIEW_COLUMNS, REVIEW_THAT_STANDS, reviewRow, type ReviewColumns } from "./review-columns.js";

/** Reviews, and analyses with the review that stands. */
export class MySqlReviewReads implements ReviewReads {
  constructor(private readonly connection: Sequelize) {}

  async review(id: number): Promise<ReviewRow | null> {
    const [row] = await this.reviews("review.id = :id", { id });
    return row ?? null;
  }

  reviewsOfAnalysis(analysisId: number): Promise<ReviewRow[]> {
    return this.reviews("review.analysis_id = :analysisId", { analysisId });
  }

  pendingReviews(limit: number): Promise<{ id: number; reportSopInstanceUid: string }[]> {
    return this.query(
      `SELECT id, report_sop_instance_uid AS reportSopInstanceUid FROM review
       WHERE state = 'pending' ORDER BY id LIMIT :limit`,
      { limit },
    );
  }

  reviewCounts(): Promise<ReviewCount[]> {
    return this.query<ReviewCount>(
      `SELECT model_name AS modelName, model_version AS modelVersion, decision, reason, COUNT(*) AS count
       FROM review GROUP BY model_name, model_version, decision, reason ORDER BY model_name, model_version`,
      {},
    );
  }

  unreviewedCounts(): Promise<{ modelName: string; modelVersion: string; count: number }[]> {
    return this.query<{ modelName: string; modelVersion: string; count: number }>(
      `SELECT analysis.model_name AS modelName, analysis.model_version AS modelVersion, COUNT(*) AS count
       FROM analysis LEFT JOIN review ON ${REVIEW_THAT_STANDS}
       WHERE analysis.state = 'succeeded' AND review.id IS NULL
       GROUP BY analysis.model_name, analysis.model_version ORDER BY analysis.model_name, analysis.model_version`,
      {},
    );
  }

  /** Each with the review of its result. */
  protected async withReviews(analyses: readonly AnalysisRow[]): Promise<AnalysisRow[]> {
    const reviewable = analyses.filter(({ result }) => result !== null).map(({ id }) => id);
    const reviews =
      reviewable.length === 0 ? [] : await this.reviews("review.analysis_id IN (:ids)", { ids: reviewable });
    return analyses.map((analysis) => ({ ...analysis, review: standingReview(analysis, reviews) }));
  }

  private async reviews(condition: string, replacements: Record<string, unknown>): Promise<ReviewRow[]> {
    const rows = await this.query<ReviewColumns>(
      `SELECT ${REVIEW_COLUMNS} FROM review WHERE ${condition} ORDER BY review.id`,
      replacements,
    );
    return rows.map(reviewRow);
  }

  private query<T extends object>(statement: string, replacements: Record<string, unknown>): Promise<T[]> {
    return this.connection.query<T>(statement, { replacements, type: QueryTypes.SELECT });
  }
}
