import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type { Claim, OutboxMessage, OutboxStore } from "../../outbox/outbox-store.js";
import type { NewEvent } from "../../state/events.js";
import type { FhirResourceKey, State } from "../../state/state.js";

/** The outbox in MySQL or MariaDB. Times are the database's: workers need not agree on theirs. */
export class MySqlOutbox implements OutboxStore {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly state: State,
  ) {}

  async claim(destination: string, owner: string, leaseSeconds: number): Promise<Claim | null> {
    const aggregate = await this.sequelize.transaction((transaction) =>
      this.lease(destination, owner, leaseSeconds, transaction),
    );
    if (aggregate === null) return null;
    const messages = await this.select<OutboxMessage>(
      `SELECT id, kind, subject, attempts FROM outbox
       WHERE destination = :destination AND aggregate = :aggregate AND state = 'pending' ORDER BY id LIMIT 200`,
      { destination, aggregate },
    );
    return { aggregate, messages };
  }

  private async lease(
    destination: string,
    owner: string,
    leaseSeconds: number,
    transaction: Transaction,
  ): Promise<string | null> {
    const [due] = await this.select<{ aggregate: string }>(
      `SELECT outbox.aggregate FROM outbox
       WHERE outbox.destination = :destination AND outbox.state = 'pending' AND outbox.next_attempt_at <= UTC_TIMESTAMP(3)
         AND NOT EXISTS (SELECT 1 FROM outbox_lease WHERE outbox_lease.destination = outbox.destination
           AND outbox_lease.aggregate = outbox.aggregate AND outbox_lease.expires_at > UTC_TIMESTAMP(3))
       ORDER BY outbox.next_attempt_at, outbox.id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      { destination },
      transaction,
    );
    if (due === undefined) return null;
    const values = { destination, aggregate: due.aggregate, owner, leaseSeconds };
    await this.sequelize.query(
      `INSERT INTO outbox_lease (destination, aggregate, owner, expires_at)
       VALUES (:destination, :aggregate, :owner, TIMESTAMPADD(SECOND, :leaseSeconds, UTC_TIMESTAMP(3)))
       ON DUPLICATE KEY UPDATE owner = IF(expires_at <= UTC_TIMESTAMP(3), VALUES(owner), owner),
         expires_at = IF(owner = VALUES(owner), VALUES(expires_at), expires_at)`,
      { replacements: values, type: QueryTypes.RAW, transaction },
    );
    const [held] = await this.select<{ owner: string }>(
      "SELECT owner FROM outbox_lease WHERE destination = :destination AND aggregate = :aggregate FOR UPDATE",
      values,
      transaction,
    );
    return held?.owner === owner ? due.aggregate : null;
  }

  async release(destination: string, aggregate: string, owner: string): Promise<void> {
    await this.run(
      "DELETE FROM outbox_lease WHERE destination = :destination AND aggregate = :aggregate AND owner = :owner",
      {
        destination,
        aggregate,
        owner,
      },
    );
  }

  delivered(
    ids: readonly number[],
    resources: readonly FhirResourceKey[],
    event: NewEvent | null,
  ): Promise<void> {
    return this.state.transaction(async (transaction) => {
      await transaction.settleMessages(ids, "delivered", null);
      for (const resource of resources) await transaction.recordFhirResource(resource);
      if (event !== null) await transaction.appendEvent(event);
    });
  }

  fail(ids: readonly number[], error: string, event: NewEvent | null): Promise<void> {
    return this.state.transaction(async (transaction) => {
      await transaction.settleMessages(ids, "failed", error);
      if (event !== null) await transaction.appendEvent(event);
    });
  }

  async postpone(ids: readonly number[], delayMilliseconds: number, error: string): Promise<void> {
    await this.run(
      `UPDATE outbox SET attempts = attempts + 1, last_error = :error,
         next_attempt_at = TIMESTAMPADD(MICROSECOND, :microseconds, UTC_TIMESTAMP(3)) WHERE id IN (:ids) AND state = 'pending'`,
      { ids: [...ids], error: error.slice(0, 1000), microseconds: delayMilliseconds * 1_000 },
    );
  }

  async backlog(destination: string): Promise<{ pending: number; failed: number; oldestSeconds: number }> {
    const [row] = await this.select<{ pending: string | null; failed: string | null; oldest: number | null }>(
      `SELECT SUM(state = 'pending') AS pending, SUM(state = 'failed') AS failed,
         TIMESTAMPDIFF(SECOND, MIN(IF(state = 'pending', created_at, NULL)), UTC_TIMESTAMP()) AS oldest
       FROM outbox WHERE destination = :destination AND state <> 'delivered'`,
      { destination },
    );
    return {
      pending: Number(row?.pending ?? 0),
      failed: Number(row?.failed ?? 0),
      oldestSeconds: row?.oldest ?? 0,
    };
  }

  private select<T extends object>(
    statement: string,
    replacements: Record<string, unknown>,
    transaction?: Transaction,
  ): Promise<T[]> {
    return this.sequelize.query<T>(statement, {
      replacements,
      type: QueryTypes.SELECT,
      ...(transaction ? { transaction } : {}),
    });
  }

  private async run(statement: string, replacements: Record<string, unknown>): Promise<void> {
    await this.sequelize.query(statement, { replacements, type: QueryTypes.UPDATE });
  }
}
