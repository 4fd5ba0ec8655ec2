import { randomUUID } from "node:crypto";
import type { Sequelize, Transaction } from "sequelize";
import { aggregateOf, readSubject, subjectOf } from "../../webhooks/message-key.js";
import { rotated, type SigningSecret } from "../../webhooks/signature.js";
import { PING, type Webhook, type WebhookDetails, type WebhookPatch } from "../../webhooks/webhook.js";
import type { DeliveryLogEntry, WebhookStore } from "../../webhooks/webhook-store.js";
import type { SealedBox } from "./sealed-box.js";
import { Statements } from "./statements.js";
import { WEBHOOK_COLUMNS, webhookOf, type WebhookRow } from "./webhook-rows.js";

const OF_WEBHOOK = "destination = 'webhook' AND aggregate = :aggregate";
const AGAIN =
  "state = 'pending', attempts = 0, failed_at = NULL, delivered_at = NULL, next_attempt_at = UTC_TIMESTAMP(3)";

/** Subscriptions in MySQL or MariaDB; their secrets are sealed. */
export class MySqlWebhooks implements WebhookStore {
  private readonly statements: Statements;

  /** @param wake tells delivery that something waits */
  constructor(
    sequelize: Sequelize,
    private readonly box: SealedBox,
    private readonly wake: () => void,
  ) {
    this.statements = new Statements(sequelize);
  }

  async add(details: WebhookDetails, secret: string, createdBy: string): Promise<number> {
    const { url, description, events, filter } = details;
    return this.statements.insert(
      `INSERT INTO webhook (url, description, events, filter, sealed_secrets, since_sequence, created_by)
       SELECT :url, :description, :events, :filter, :sealed, COALESCE(MAX(sequence), 0), :createdBy FROM event`,
      {
        url,
        description,
        events: JSON.stringify(events),
        filter: JSON.stringify(filter),
        sealed: this.seal([{ secret }]),
        createdBy,
      },
    );
  }

  async list(): Promise<Webhook[]> {
    const rows = await this.statements.select<WebhookRow>(
      `SELECT ${WEBHOOK_COLUMNS} FROM webhook ORDER BY id`,
      {},
    );
    return rows.map(webhookOf);
  }

  async get(id: number): Promise<Webhook | null> {
    const [row] = await this.statements.select<WebhookRow>(
      `SELECT ${WEBHOOK_COLUMNS} FROM webhook WHERE id = :id`,
      { id },
    );
    return row === undefined ? null : webhookOf(row);
  }

  async change(id: number, { events, filter, enabled, ...texts }: WebhookPatch): Promise<boolean> {
    const values: Record<string, unknown> = {
      ...texts,
      ...(events === undefined ? {} : { events: JSON.stringify(events) }),
      ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
    };
    const sets = Object.keys(values).map((column) => `${column} = :${column}`);
    if (enabled === true)
      // In this order: MySQL sees the values of columns that were set before in the statement.
      sets.push(
        "since_sequence = IF(enabled, since_sequence, (SELECT COALESCE(MAX(sequence), 0) FROM event))",
        "enabled = 1, disabled_code = NULL, failures = 0, failing_since = NULL",
      );
    if (enabled === false) sets.push("enabled = 0, disabled_code = 'by-person'");
    const changed = await this.statements.change(
      `UPDATE webhook SET ${sets.join(", ")}, changed_at = UTC_TIMESTAMP(3) WHERE id = :id`,
      { ...values, id },
    );
    this.wake();
    return changed > 0;
  }

  remove(id: number): Promise<boolean> {
    return this.statements.transaction(async (transaction) => {
      await this.statements.change(
        `UPDATE outbox SET state = 'dropped', delivered_at = UTC_TIMESTAMP(3), drop_reason = 'the webhook was removed', outcome = NULL
         WHERE ${OF_WEBHOOK} AND state IN ('pending', 'failed')`,
        { aggregate: aggregateOf(id) },
        transaction,
      );
      const removed = await this.statements.change("DELETE FROM webhook WHERE id = :id", { id }, transaction);
      return removed > 0;
    });
  }

  rotate(id: number, secret: string, formerUntil: number): Promise<boolean> {
    return this.statements.transaction(async (transaction) => {
      const [row] = await this.statements.select<{ sealed: Buffer }>(
        "SELECT sealed_secrets AS sealed FROM webhook WHERE id = :id FOR UPDATE",
        { id },
        transaction,
      );
      if (row === undefined) return false;
      const secrets = rotated(secret, this.open(row.sealed), formerUntil, Date.now());
      await this.statements.change(
        "UPDATE webhook SET sealed_secrets = :sealed, changed_at = UTC_TIMESTAMP(3) WHERE id = :id",
        { id, sealed: this.seal(secrets) },
        transaction,
      );
      return true;
    });
  }

  async ping(id: number): Promise<boolean> {
    if ((await this.get(id)) === null) return false;
    await this.write(id, subjectOf(id, randomUUID().slice(0, 8).replace(/^\d/, "p"), PING));
    this.wake();
    return true;
  }

  async deliveries(
    id: number,
    state: string | undefined,
    before: number,
    limit: number,
  ): Promise<DeliveryLogEntry[]> {
    const rows = await this.statements.select<
      Omit<DeliveryLogEntry, "type" | "sequence" | "webhookId"> & { subject: string }
    >(
      `SELECT id, subject, state, attempts, code, last_error AS reason, created_at AS createdAt, attempted_at AS attemptedAt,
         IF(state = 'pending', next_attempt_at, NULL) AS nextAttemptAt, COALESCE(failed_at, delivered_at) AS endedAt
       FROM outbox WHERE ${OF_WEBHOOK} AND id < :before${state === undefined ? "" : " AND state = :state"}
       ORDER BY id DESC LIMIT :limit`,
      { aggregate: aggregateOf(id), before, limit, state },
    );
    return rows.map(({ subject, ...row }) => {
      const { type, sequence, id: webhookId } = readSubject(subject);
      return { ...row, webhookId, type, sequence };
    });
  }

  async redeliver(id: number, delivery: number): Promise<boolean> {
    const changed = await this.statements.change(
      `UPDATE outbox SET ${AGAIN} WHERE ${OF_WEBHOOK} AND id = :delivery AND state IN ('failed', 'delivered')`,
      { aggregate: aggregateOf(id), delivery },
    );
    if (changed > 0) this.wake();
    return changed > 0;
  }

  async redeliverFailed(id: number): Promise<number> {
    const changed = await this.statements.change(
      `UPDATE outbox SET ${AGAIN} WHERE ${OF_WEBHOOK} AND state = 'failed'`,
      { aggregate: aggregateOf(id) },
    );
    if (changed > 0) this.wake();
    return changed;
  }

  private async write(id: number, subject: string, transaction?: Transaction): Promise<void> {
    await this.statements.change(
      "INSERT INTO outbox (destination, aggregate, kind, subject) VALUES ('webhook', :aggregate, 'event', :subject)",
      { aggregate: aggregateOf(id), subject },
      transaction,
    );
  }

  private seal(secrets: readonly SigningSecret[]): Buffer {
    return this.box.seal(JSON.stringify(secrets));
  }

  private open(sealed: Buffer): SigningSecret[] {
    return openSecrets(this.box, sealed);
  }
}

/** @throws Error when the key is another than they were sealed with */
export function openSecrets(box: SealedBox, sealed: Buffer): SigningSecret[] {
  const text = box.open(sealed);
  if (text === undefined)
    throw new Error("the secrets of webhooks cannot be read with this NEURONOVA_WEBHOOK_KEY");
  return JSON.parse(text) as SigningSecret[];
}
