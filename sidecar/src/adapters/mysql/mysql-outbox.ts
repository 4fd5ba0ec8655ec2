import type { Sequelize } from "sequelize";
import type { DestinationName } from "../../outbox/message.js";
import type {
  Backlog,
  ClaimLimits,
  Holder,
  MessageFault,
  OutboxMessage,
  OutboxStore,
  Write,
} from "../../outbox/outbox-store.js";
import type { NewEvent } from "../../state/events.js";
import type { FhirResourceKey, State } from "../../state/state.js";
import { isRepeatable } from "./connection.js";
import { claimAggregates } from "./outbox-claim.js";
import { Statements } from "./statements.js";

/** The outbox in MySQL or MariaDB. Times are the database's: workers need not agree on theirs. */
export class MySqlOutbox implements OutboxStore {
  private readonly statements: Statements;

  constructor(
    sequelize: Sequelize,
    private readonly state: State,
  ) {
    this.statements = new Statements(sequelize);
  }

  async claim(holder: Holder, limits: ClaimLimits): Promise<OutboxMessage[]> {
    const aggregates = await claimAggregates(this.statements, holder, limits).catch((error: unknown) => {
      // Two met in a deadlock: there is something to do, and the next look finds it.
      if (isRepeatable(error)) return [];
      throw error;
    });
    if (aggregates.length === 0) return [];
    const messages = await this.statements.select<OutboxMessage>(
      `SELECT id, aggregate, kind, subject, attempts, traceparent,
         TIMESTAMPDIFF(MICROSECOND, created_at, UTC_TIMESTAMP(3)) DIV 1000 AS ageMilliseconds
       FROM outbox WHERE destination = :destination AND aggregate IN (:aggregates) AND state = 'pending' ORDER BY id LIMIT :messages`,
      { ...holder, aggregates, messages: limits.messages },
    );
    // Somebody ended them between the look and the lease.
    if (messages.length === 0) await this.release(holder);
    return messages;
  }

  async millisecondsToNext(destination: DestinationName): Promise<number | null> {
    const [row] = await this.statements.select<{ milliseconds: number | null }>(
      `SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), MIN(next_attempt_at)) DIV 1000 AS milliseconds
       FROM outbox WHERE destination = :destination AND state = 'pending'`,
      { destination },
    );
    return row?.milliseconds ?? null;
  }

  async renew(holder: Holder): Promise<Set<string>> {
    await this.statements.change(
      `UPDATE outbox_lease SET expires_at = TIMESTAMPADD(SECOND, :leaseSeconds, UTC_TIMESTAMP(3))
       WHERE destination = :destination AND owner = :owner`,
      { ...holder },
    );
    return this.held(holder);
  }

  async release(holder: Holder): Promise<void> {
    await this.statements.change(
      "DELETE FROM outbox_lease WHERE destination = :destination AND owner = :owner",
      { ...holder },
    );
  }

  delivered(
    holder: Holder,
    writes: readonly Write[],
    resources: readonly FhirResourceKey[],
    events: readonly NewEvent[],
  ): Promise<void> {
    return this.state.transaction(async (transaction) => {
      await transaction.settleDelivered(holder, writes);
      await transaction.recordFhirResources(resources);
      await transaction.appendEvents(events);
    });
  }

  fail(ids: readonly number[], fault: MessageFault, event: NewEvent | null): Promise<void> {
    return this.state.transaction(async (transaction) => {
      await transaction.settleFailed(ids, fault);
      if (event !== null) await transaction.appendEvent(event);
    });
  }

  async postpone(
    ids: readonly number[],
    tried: readonly number[],
    delayMilliseconds: number,
    { code, reason, outcome }: MessageFault,
  ): Promise<void> {
    if (ids.length === 0) return;
    await this.statements.change(
      `UPDATE outbox SET code = :code, last_error = :reason, outcome = :outcome,
         attempted_at = IF(id IN (:tried), UTC_TIMESTAMP(3), attempted_at), attempts = attempts + (id IN (:tried)),
         next_attempt_at = TIMESTAMPADD(MICROSECOND, :microseconds, UTC_TIMESTAMP(3)) WHERE id IN (:ids) AND state = 'pending'`,
      {
        ids: [...ids],
        tried: tried.length === 0 ? [0] : [...tried],
        code,
        reason: reason.slice(0, 1000),
        outcome: outcome ?? null,
        microseconds: Math.round(delayMilliseconds * 1_000),
      },
    );
  }

  async othersDelivered({ destination }: Holder, { aggregate, ids }: Write): Promise<boolean> {
    const [row] = await this.statements.select<{ others: number }>(
      `SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'delivered' AND destination = :destination AND aggregate <> :aggregate
         AND delivered_at > (SELECT MAX(tried.attempted_at) FROM outbox AS tried WHERE tried.id IN (:ids))) AS others`,
      { destination, aggregate, ids: [...ids] },
    );
    return row?.others === 1;
  }

  async makeDue(destination: DestinationName): Promise<void> {
    await this.statements.change(
      `UPDATE outbox SET next_attempt_at = UTC_TIMESTAMP(3)
       WHERE destination = :destination AND state = 'pending' AND next_attempt_at > UTC_TIMESTAMP(3)`,
      { destination },
    );
  }

  async backlog(): Promise<Backlog[]> {
    const rows = await this.statements.select<{
      destination: DestinationName;
      pending: string;
      failed: string;
      oldest: number | null;
    }>(
      `SELECT destination, SUM(state = 'pending') AS pending, SUM(state = 'failed') AS failed,
         TIMESTAMPDIFF(SECOND, MIN(IF(state = 'pending', created_at, NULL)), UTC_TIMESTAMP()) AS oldest
       FROM outbox WHERE state IN ('pending', 'failed') GROUP BY destination`,
      {},
    );
    return rows.map(({ destination, pending, failed, oldest }) => ({
      destination,
      pending: Number(pending),
      failed: Number(failed),
      oldestSeconds: oldest ?? 0,
    }));
  }

  prune(endedBeforeDays: number, most: number): Promise<number> {
    return this.statements.change(
      `DELETE FROM outbox WHERE state IN ('delivered', 'superseded', 'dropped')
         AND delivered_at < TIMESTAMPADD(SECOND, :seconds, UTC_TIMESTAMP(3)) LIMIT :most`,
      { seconds: -86_400 * endedBeforeDays, most },
    );
  }

  private async held(holder: Holder): Promise<Set<string>> {
    const rows = await this.statements.select<{ aggregate: string }>(
      "SELECT aggregate FROM outbox_lease WHERE destination = :destination AND owner = :owner",
      { ...holder },
    );
    return new Set(rows.map(({ aggregate }) => aggregate));
  }
}
