import type { Sequelize } from "sequelize";
import { isAscii } from "../../ascii.js";
import type { Day, KeptFigures, StatisticsStore } from "../../models/count-days.js";
import type { DayFigures, DecisionCount, EndedAnalysis, Spread } from "../../models/daily-figures.js";
import { Statements } from "./statements.js";

type Row = Omit<KeptFigures, "failures" | "modelMilliseconds" | "waitMilliseconds"> & {
  /** JSON. */
  readonly failures: string;
  readonly modelMedian: number | null;
  readonly modelP95: number | null;
  readonly waitMedian: number | null;
  readonly waitP95: number | null;
};

/** What models did, by day, in MySQL or MariaDB. */
export class MySqlModelStatistics implements StatisticsStore {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async earliest(): Promise<Date | null> {
    const [row] = await this.statements.select<{ first: Date | null }>(
      `SELECT MIN(time) AS first FROM (
         SELECT MIN(finished_at) AS time FROM analysis UNION ALL SELECT MIN(decided_at) FROM review) AS both_of_them`,
      {},
    );
    return row?.first ?? null;
  }

  async ended(from: Date, to: Date): Promise<readonly EndedAnalysis[]> {
    const rows = await this.statements.select<
      Omit<EndedAnalysis, "modelMilliseconds" | "waitMilliseconds"> & {
        readonly modelMilliseconds: unknown;
        readonly waitMicroseconds: number | string | null;
      }
    >(
      // Begun more than once, the beginning that is known is not the one that ended the wait.
      `SELECT model_name AS name, model_version AS version, state, code,
         JSON_EXTRACT(result, '$.modelMilliseconds') AS modelMilliseconds,
         IF(attempts = 1, TIMESTAMPDIFF(MICROSECOND, waiting_since, started_at), NULL) AS waitMicroseconds
       FROM analysis
       WHERE finished_at >= :from AND finished_at < :to AND shadow = 0
         AND state IN ('succeeded', 'failed', 'canceled', 'not-applicable')`,
      { from, to },
    );
    return rows.map(({ modelMilliseconds, waitMicroseconds, ...row }) => ({
      ...row,
      // Of an earlier input, where it is not what succeeded.
      modelMilliseconds: row.state === "succeeded" ? numberOf(modelMilliseconds) : null,
      waitMilliseconds: waitMicroseconds === null ? null : Math.max(0, Number(waitMicroseconds) / 1_000),
    }));
  }

  decisions(from: Date, to: Date): Promise<readonly DecisionCount[]> {
    return this.statements.select<DecisionCount>(
      `SELECT model_name AS name, model_version AS version, decision, COUNT(*) AS count
       FROM review WHERE decided_at >= :from AND decided_at < :to
       GROUP BY model_name, model_version, decision`,
      { from, to },
    );
  }

  replace(day: Day, figures: readonly DayFigures[]): Promise<void> {
    return this.statements.transaction(async (transaction) => {
      await this.statements.change("DELETE FROM model_statistics WHERE day = :day", { day }, transaction);
      for (const { modelMilliseconds: model, waitMilliseconds: wait, failures, ...counts } of figures)
        await this.statements.insert(
          `INSERT INTO model_statistics (day, model_name, model_version, succeeded, failed, canceled, not_applicable,
             failures, model_median_ms, model_p95_ms, wait_median_ms, wait_p95_ms, accepted, rejected, edited, counted_at)
           VALUES (:day, :name, :version, :succeeded, :failed, :canceled, :notApplicable,
             :failures, :modelMedian, :modelP95, :waitMedian, :waitP95, :accepted, :rejected, :edited, UTC_TIMESTAMP(3))`,
          {
            ...counts,
            day,
            failures: JSON.stringify(failures),
            modelMedian: model?.median ?? null,
            modelP95: model?.p95 ?? null,
            waitMedian: wait?.median ?? null,
            waitP95: wait?.p95 ?? null,
          },
          transaction,
        );
    });
  }

  async since(day: Day, name?: string): Promise<readonly KeptFigures[]> {
    // A name that no model can have is not even asked for: the column is ASCII.
    if (name !== undefined && !isAscii(name)) return [];
    const rows = await this.statements.select<Row>(
      `SELECT DATE_FORMAT(day, '%Y-%m-%d') AS day, model_name AS name, model_version AS version, succeeded, failed,
         canceled, not_applicable AS notApplicable, failures, model_median_ms AS modelMedian, model_p95_ms AS modelP95,
         wait_median_ms AS waitMedian, wait_p95_ms AS waitP95, accepted, rejected, edited, counted_at AS countedAt
       FROM model_statistics WHERE day >= :day ${name === undefined ? "" : "AND model_name = :name"}
       ORDER BY model_statistics.day, model_name, model_version`,
      { day, ...(name === undefined ? {} : { name }) },
    );
    return rows.map(({ modelMedian, modelP95, waitMedian, waitP95, failures, ...row }) => ({
      ...row,
      failures: JSON.parse(failures) as Record<string, number>,
      modelMilliseconds: spread(modelMedian, modelP95),
      waitMilliseconds: spread(waitMedian, waitP95),
    }));
  }
}

function spread(median: number | null, p95: number | null): Spread | null {
  return median === null || p95 === null ? null : { median, p95 };
}

/** A number of a JSON document: MySQL gives it as one, MariaDB as text. */
function numberOf(value: unknown): number | null {
  const number = value === null ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? number : null;
}
