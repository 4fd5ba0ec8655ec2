import type { Sequelize, Transaction } from "sequelize";
import type {
  ClaimedHook,
  HookMessage,
  HookMessageStore,
  HookQueue,
  HookState,
  NewHookMessage,
} from "../../hooks/hook-store.js";
import type { HookResult } from "../../hooks/hook-type.js";
import { Statements } from "./statements.js";

type Row = Omit<HookMessage, "result"> & { readonly result: string | null; readonly bodyHash: string };

const MESSAGE = `SELECT id, source, webhook_id AS webhookId, type, state, attempts, code, reason, result, body_hash AS bodyHash,
  received_at AS receivedAt, IF(state = 'pending', next_attempt_at, NULL) AS nextAttemptAt, ended_at AS endedAt FROM hook_message`;
/** Nothing of its source and lane that came before it waits still. */
const FIRST_OF_ITS_LANE = `NOT EXISTS (SELECT 1 FROM hook_message AS earlier WHERE earlier.source = hook_message.source
  AND earlier.lane = hook_message.lane AND earlier.state = 'pending' AND earlier.id < hook_message.id)`;
const FREE = "(lease_until IS NULL OR lease_until < UTC_TIMESTAMP(3))";
/** Within that time the same message is known again, and a failed one can be worked on again. */
const ENDED =
  "ended_at = UTC_TIMESTAMP(3), kept_until = TIMESTAMPADD(DAY, 30, UTC_TIMESTAMP(3)), lease_until = NULL";
const TRIES = 5;

/**
 * Ends what waits of a source that is removed, and drops what nobody can ask for any more. Its messages are put under a
 * name that no source can have: one of the same name, registered later, neither sees them nor is kept from their ids. What
 * is being worked on ends by itself, and is not tried again: its source is gone.
 */
export async function endMessagesOf(
  source: string,
  statements: Statements,
  transaction: Transaction,
): Promise<void> {
  await statements.change(
    `UPDATE hook_message SET state = 'failed', code = 'hook-source-off', reason = :reason, ${ENDED}
     WHERE source = :source AND state = 'pending' AND ${FREE}`,
    { source, reason: "The source was removed." },
    transaction,
  );
  await statements.change(
    "UPDATE hook_message SET data = IF(state = 'pending', data, NULL), source = CONCAT('~', UUID_SHORT()) WHERE source = :source",
    { source },
    transaction,
  );
}

/** Messages of hooks in MySQL or MariaDB. */
export class MySqlHookMessages implements HookMessageStore, HookQueue {
  private readonly statements: Statements;

  constructor(sequelize: Sequelize) {
    this.statements = new Statements(sequelize);
  }

  async keep(message: NewHookMessage) {
    // Of two that come at the same time the second waits here for the first, and changes nothing.
    const added = await this.statements.change(
      `INSERT IGNORE INTO hook_message (source, webhook_id, type, lane, body_hash, data, address, received_at, waiting_since, next_attempt_at)
       VALUES (:source, :webhookId, :type, :lane, :bodyHash, :data, :address, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))`,
      { ...message },
    );
    const row = await this.row(message.source, message.webhookId);
    if (row === undefined) throw new Error("the message just kept is not there");
    return { message: messageOf(row), isNew: added > 0, sameBody: row.bodyHash === message.bodyHash };
  }

  async find(source: string, webhookId: string): Promise<HookMessage | null> {
    const row = await this.row(source, webhookId);
    return row === undefined ? null : messageOf(row);
  }

  async list(source: string, state: HookState | undefined, before: number, limit: number) {
    const rows = await this.statements.select<Row>(
      `${MESSAGE} WHERE source = :source AND id < :before${state === undefined ? "" : " AND state = :state"}
       ORDER BY id DESC LIMIT :limit`,
      { source, state, before, limit },
    );
    return rows.map(messageOf);
  }

  async replay(source: string, id: number): Promise<boolean> {
    const changed = await this.statements.change(
      `UPDATE hook_message SET state = 'pending', attempts = 0, ended_at = NULL, kept_until = NULL, waiting_since = UTC_TIMESTAMP(3),
         next_attempt_at = UTC_TIMESTAMP(3), lease_until = NULL
       WHERE source = :source AND id = :id AND state = 'failed' AND data IS NOT NULL`,
      { source, id },
    );
    return changed > 0;
  }

  async claim(owner: string, leaseSeconds: number): Promise<ClaimedHook | null> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const [next] = await this.statements.select<ClaimedHook>(
        `SELECT id, source, type, data, address, attempts, received_at AS receivedAt,
           TIMESTAMPDIFF(MICROSECOND, waiting_since, UTC_TIMESTAMP(3)) DIV 1000 AS waitingMilliseconds
         FROM hook_message WHERE state = 'pending' AND next_attempt_at <= UTC_TIMESTAMP(3) AND ${FREE} AND ${FIRST_OF_ITS_LANE}
         ORDER BY next_attempt_at, id LIMIT 1`,
        {},
      );
      if (next === undefined) return null;
      const ours = await this.statements.change(
        `UPDATE hook_message SET attempts = attempts + 1, lease_owner = :owner,
           lease_until = TIMESTAMPADD(SECOND, :leaseSeconds, UTC_TIMESTAMP(3))
         WHERE id = :id AND state = 'pending' AND ${FREE}`,
        { id: next.id, owner, leaseSeconds },
      );
      if (ours > 0) return next;
    }
    return null;
  }

  async millisecondsToNext(): Promise<number | null> {
    const [row] = await this.statements.select<{ milliseconds: number | null }>(
      `SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3),
         MIN(GREATEST(next_attempt_at, COALESCE(lease_until, next_attempt_at)))) DIV 1000 AS milliseconds
       FROM hook_message WHERE state = 'pending' AND ${FIRST_OF_ITS_LANE}`,
      {},
    );
    return row?.milliseconds ?? null;
  }

  async done(id: number, answer: HookResult["answer"]): Promise<void> {
    await this.statements.change(
      `UPDATE hook_message SET state = 'done', result = :result, code = NULL, reason = NULL, data = NULL,
         ${ENDED} WHERE id = :id AND state = 'pending'`,
      { id, result: JSON.stringify(answer) },
    );
  }

  async failed(id: number, code: string, reason: string): Promise<void> {
    await this.statements.change(
      `UPDATE hook_message SET state = 'failed', code = :code, reason = :reason, ${ENDED}
       WHERE id = :id AND state = 'pending'`,
      { id, code, reason: reason.slice(0, 1_000) },
    );
  }

  async later(id: number, code: string, reason: string, milliseconds: number): Promise<void> {
    await this.statements.change(
      `UPDATE hook_message SET code = :code, reason = :reason, lease_until = NULL,
         next_attempt_at = TIMESTAMPADD(MICROSECOND, :microseconds, UTC_TIMESTAMP(3)) WHERE id = :id AND state = 'pending'`,
      { id, code, reason: reason.slice(0, 1_000), microseconds: Math.round(milliseconds * 1_000) },
    );
  }

  private async row(source: string, webhookId: string): Promise<Row | undefined> {
    const [row] = await this.statements.select<Row>(
      `${MESSAGE} WHERE source = :source AND webhook_id = :webhookId`,
      { source, webhookId },
    );
    return row;
  }
}

function messageOf({ result, ...row }: Row): HookMessage {
  return { ...row, result: result === null ? null : (JSON.parse(result) as HookMessage["result"]) };
}
