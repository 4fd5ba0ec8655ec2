import type { Sequelize } from "sequelize";
import type { BreakerReport, BreakerState } from "../../outbox/breaker.js";
import type { DestinationState, DestinationStates } from "../../outbox/destination-states.js";
import type { DestinationName } from "../../outbox/message.js";
import { Statements } from "./statements.js";

/** Several times what a worker takes to tell again. */
const ALIVE_SECONDS = 15;

/** What workers find, in MySQL or MariaDB. */
export class MySqlDestinationStates implements DestinationStates {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async report(worker: string, destination: DestinationName, report: BreakerReport): Promise<void> {
    await this.statements.change(
      `INSERT INTO outbox_worker (worker, destination, breaker, code, since, seen_at)
       VALUES (:worker, :destination, :state, :code, :since, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE breaker = VALUES(breaker), code = VALUES(code), since = VALUES(since), seen_at = VALUES(seen_at)`,
      { worker, destination, ...report },
    );
    await this.statements.change(
      "DELETE FROM outbox_worker WHERE seen_at < TIMESTAMPADD(SECOND, :seconds, UTC_TIMESTAMP(3))",
      { seconds: -4 * ALIVE_SECONDS },
    );
  }

  async forget(worker: string): Promise<void> {
    await this.statements.change("DELETE FROM outbox_worker WHERE worker = :worker", { worker });
  }

  async states(): Promise<DestinationState[]> {
    const rows = await this.statements.select<{
      destination: DestinationName;
      breaker: BreakerState;
      since: Date;
      code: string | null;
    }>(
      `SELECT destination, breaker, since, code FROM outbox_worker
       WHERE seen_at >= TIMESTAMPADD(SECOND, :seconds, UTC_TIMESTAMP(3))
       ORDER BY destination, FIELD(breaker, 'closed', 'half-open', 'open'), since`,
      { seconds: -ALIVE_SECONDS },
    );
    // The best that one of them finds: where one gets through, messages go.
    return [...new Set(rows.map(({ destination }) => destination))].map((destination) => {
      const own = rows.filter((row) => row.destination === destination);
      const [best] = own;
      return {
        destination,
        breaker: best?.breaker ?? "none",
        since: best?.since.toISOString() ?? null,
        code: best?.code ?? null,
        workers: own.length,
      };
    });
  }
}
