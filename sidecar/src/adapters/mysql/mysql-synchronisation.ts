import type { Sequelize } from "sequelize";
import type { DestinationName, MessageKind } from "../../outbox/message.js";
import type { Synchronisation, SynchronisationReads } from "../../outbox/synchronisation.js";
import { Statements } from "./statements.js";

interface Row {
  readonly destination: DestinationName;
  readonly subject: string;
  readonly synchronisedAt: Date | null;
  readonly waitingSince: Date | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly failed: number;
}

/** Where records have got to, in MySQL or MariaDB. */
export class MySqlSynchronisation implements SynchronisationReads {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async synchronisation(
    kind: MessageKind,
    subjects: readonly string[],
  ): Promise<Map<string, Synchronisation[]>> {
    if (subjects.length === 0) return new Map();
    const rows = await this.statements.select<Row>(
      `SELECT destination, subject, MAX(synchronised_at) AS synchronisedAt, MIN(waiting_since) AS waitingSince,
         MAX(code) AS code, MAX(reason) AS reason, CAST(MAX(failed) AS SIGNED) AS failed FROM (
           SELECT destination, subject, synchronised_at, NULL AS waiting_since, NULL AS code, NULL AS reason, 0 AS failed
           FROM outbox_synchronised WHERE kind = :kind AND subject IN (:subjects)
           UNION ALL
           SELECT destination, subject, NULL, IF(state = 'pending', created_at, NULL), IF(state = 'failed', code, NULL),
             IF(state = 'failed', last_error, NULL), state = 'failed'
           FROM outbox WHERE kind = :kind AND subject IN (:subjects) AND state IN ('pending', 'failed')
         ) AS found GROUP BY destination, subject ORDER BY destination`,
      { kind, subjects: [...subjects] },
    );
    const found = new Map<string, Synchronisation[]>();
    for (const row of rows) found.set(row.subject, [...(found.get(row.subject) ?? []), stateOf(row)]);
    return found;
  }
}

/** What waits may still come about: it is told of before what failed. */
function stateOf({ destination, synchronisedAt, waitingSince, code, reason, failed }: Row): Synchronisation {
  return {
    destination,
    state: waitingSince !== null ? "waiting" : failed > 0 ? "failed" : "synchronised",
    ...(synchronisedAt === null ? {} : { synchronisedAt: synchronisedAt.toISOString() }),
    ...(waitingSince === null ? {} : { waitingSince: waitingSince.toISOString() }),
    ...(code === null ? {} : { code }),
    ...(reason === null ? {} : { reason }),
  };
}
