import type { Sequelize } from "sequelize";
import type {
  DeadLetters,
  Letter,
  LetterCount,
  LetterFilter,
  OpenedLetter,
} from "../../outbox/dead-letters.js";
import { Statements } from "./statements.js";

const COLUMNS = `id, destination, kind, subject, state, attempts, code, last_error AS reason, created_at AS createdAt,
  IF(state = 'pending', next_attempt_at, NULL) AS nextAttemptAt, IF(state = 'failed', failed_at, NULL) AS failedAt,
  drop_reason AS dropReason`;

/** Dead letters in MySQL or MariaDB. */
export class MySqlDeadLetters implements DeadLetters {
  private readonly statements: Statements;

  /** @param wake tells delivery that something waits */
  constructor(
    sequelize: Sequelize,
    private readonly wake: () => void,
  ) {
    this.statements = new Statements(sequelize);
  }

  list(state: "failed" | "pending", filter: LetterFilter, after: number, limit: number): Promise<Letter[]> {
    const { sql, values } = conditions(filter);
    return this.statements.select<Letter>(
      `SELECT ${COLUMNS} FROM outbox WHERE state = :state AND id > :after${sql} ORDER BY id LIMIT :limit`,
      { ...values, state, after, limit },
    );
  }

  async counts(state: "failed" | "pending"): Promise<LetterCount[]> {
    const rows = await this.statements.select<LetterCount>(
      `SELECT destination, kind, COALESCE(code, '') AS code, COUNT(*) AS count FROM outbox WHERE state = :state
       GROUP BY destination, kind, code ORDER BY destination, kind, code`,
      { state },
    );
    return rows;
  }

  async open(id: number): Promise<OpenedLetter | null> {
    const [row] = await this.statements.select<OpenedLetter>(
      `SELECT ${COLUMNS}, outcome FROM outbox WHERE id = :id`,
      { id },
    );
    return row ?? null;
  }

  async replay({ id, ...filter }: LetterFilter & { readonly id?: number }): Promise<number> {
    const { sql, values } = conditions(filter);
    const replayed = await this.statements.change(
      `UPDATE outbox SET state = 'pending', attempts = 0, failed_at = NULL, next_attempt_at = UTC_TIMESTAMP(3)
       WHERE state = 'failed'${sql}${id === undefined ? "" : " AND id = :id"}`,
      { ...values, id: id ?? 0 },
    );
    if (replayed > 0) this.wake();
    return replayed;
  }

  async drop(id: number, reason: string): Promise<boolean> {
    const dropped = await this.statements.change(
      `UPDATE outbox SET state = 'dropped', delivered_at = UTC_TIMESTAMP(3), drop_reason = :reason, outcome = NULL
       WHERE id = :id AND state = 'failed'`,
      { id, reason },
    );
    return dropped > 0;
  }
}

function conditions(filter: LetterFilter): { sql: string; values: Record<string, unknown> } {
  const { destination, kind, code } = filter;
  const given = Object.entries({ destination, kind, code }).filter(([, value]) => value !== undefined);
  return {
    sql: given.map(([column]) => ` AND ${column} = :${column}`).join(""),
    values: Object.fromEntries(given),
  };
}
