import { QueryTypes, type Sequelize, type Transaction } from "sequelize";
import type { MessageKind } from "../../outbox/message.js";
import type { Holder, MessageFault, Write } from "../../outbox/outbox-store.js";
import type { FhirResourceKey } from "../../state/state.js";
import { writeTraceparent } from "../../tracing/trace-context.js";
import { OutboxModel } from "./models/work.js";

/** Writes to the outbox within one transaction of the state. */
export class OutboxWrites {
  constructor(
    private readonly sequelize: Sequelize,
    private readonly transaction: Transaction,
  ) {}

  async settleDelivered(holder: Holder, writes: readonly Write[]): Promise<void> {
    const held = await this.held(holder, writes);
    const ours = writes.filter(({ aggregate }) => held.has(aggregate));
    const overtaken = writes.filter(({ aggregate }) => !held.has(aggregate));
    const { destination } = holder;
    if (overtaken.length > 0)
      await OutboxModel.bulkCreate(
        overtaken.map(({ aggregate, kind, subject, traces }) => {
          const trace = traces.at(-1);
          const traceparent = trace === undefined ? null : writeTraceparent(trace);
          return { destination, aggregate, kind, subject, traceparent };
        }),
        { transaction: this.transaction },
      );
    if (ours.length === 0) return;
    await this.run(
      `UPDATE outbox SET state = 'delivered', delivered_at = UTC_TIMESTAMP(3), code = NULL, last_error = NULL, outcome = NULL
       WHERE id IN (:ids) AND state = 'pending'`,
      { ids: ours.flatMap(({ ids }) => ids) },
    );
    await this.supersede(destination, ours);
    await this.markSynchronised(destination, ours);
  }

  /** The newest state is there: what failed of an earlier one is of no use any more. */
  private async supersede(destination: string, writes: readonly Write[]): Promise<void> {
    await this.run(
      `UPDATE outbox SET state = 'superseded', delivered_at = UTC_TIMESTAMP(3), outcome = NULL
       WHERE destination = :destination AND state = 'failed' AND (kind, subject) IN (:subjects) AND id < :newest`,
      {
        destination,
        subjects: writes.map(({ kind, subject }) => [kind, subject]),
        newest: Math.max(...writes.flatMap(({ ids }) => ids)),
      },
    );
  }

  private async markSynchronised(destination: string, writes: readonly Write[]): Promise<void> {
    // A message of the audit trail, or of an event, is not looked at again, and there is no end of them.
    const lasting = writes.filter(({ kind }) => kind !== "audit" && kind !== "event");
    if (lasting.length === 0) return;
    const rows = lasting
      .map(({ kind, subject }) => [kind, subject] as const)
      .sort((a, b) => (a.join() < b.join() ? -1 : 1));
    const values: Record<string, unknown> = { destination };
    const tuples = rows.map(([kind, subject], index) => {
      values[`kind${index}`] = kind;
      values[`subject${index}`] = subject;
      return `(:destination, :kind${index}, :subject${index}, UTC_TIMESTAMP(3))`;
    });
    await this.sequelize.query(
      `INSERT INTO outbox_synchronised (destination, kind, subject, synchronised_at) VALUES ${tuples.join(", ")}
       ON DUPLICATE KEY UPDATE synchronised_at = VALUES(synchronised_at)`,
      { replacements: values, type: QueryTypes.RAW, transaction: this.transaction },
    );
  }

  async settleFailed(ids: readonly number[], { code, reason, outcome }: MessageFault): Promise<void> {
    await this.run(
      `UPDATE outbox SET state = 'failed', failed_at = UTC_TIMESTAMP(3), attempts = attempts + 1, code = :code,
         last_error = :reason, outcome = :outcome WHERE id IN (:ids) AND state = 'pending'`,
      { ids: [...ids], code, reason: reason.slice(0, 1000), outcome: outcome ?? null },
    );
  }

  async retryMessages(kind: MessageKind, subject: string): Promise<boolean> {
    const changed = await this.run(
      `UPDATE outbox SET state = 'pending', attempts = 0, next_attempt_at = UTC_TIMESTAMP(3)
       WHERE kind = :kind AND subject = :subject AND state = 'failed'`,
      { kind, subject },
    );
    return changed > 0;
  }

  async recordFhirResources(resources: readonly FhirResourceKey[]): Promise<void> {
    // In one order everywhere: deliveries that share a patient wait for each other.
    const key = ({ kind, subject, resourceType }: FhirResourceKey) => `${kind} ${subject} ${resourceType}`;
    const values: Record<string, unknown> = {};
    const tuples = [...resources]
      .sort((a, b) => (key(a) < key(b) ? -1 : 1))
      .map(({ kind, subject, resourceType, resourceId }, index) => {
        Object.assign(values, {
          [`kind${index}`]: kind,
          [`subject${index}`]: subject,
          [`type${index}`]: resourceType,
          [`id${index}`]: resourceId,
        });
        return `(:kind${index}, :subject${index}, :type${index}, :id${index}, UTC_TIMESTAMP(3))`;
      });
    if (tuples.length === 0) return;
    await this.sequelize.query(
      `INSERT INTO fhir_resource (kind, subject, resource_type, resource_id, synchronised_at) VALUES ${tuples.join(", ")}
       ON DUPLICATE KEY UPDATE resource_id = VALUES(resource_id), synchronised_at = VALUES(synchronised_at)`,
      { replacements: values, type: QueryTypes.RAW, transaction: this.transaction },
    );
  }

  private async held({ destination, owner }: Holder, writes: readonly Write[]): Promise<Set<string>> {
    const rows = await this.sequelize.query<{ aggregate: string }>(
      `SELECT aggregate FROM outbox_lease
       WHERE destination = :destination AND owner = :owner AND aggregate IN (:aggregates) FOR UPDATE`,
      {
        replacements: { destination, owner, aggregates: writes.map(({ aggregate }) => aggregate) },
        type: QueryTypes.SELECT,
        transaction: this.transaction,
      },
    );
    return new Set(rows.map(({ aggregate }) => aggregate));
  }

  private async run(statement: string, replacements: Record<string, unknown>): Promise<number> {
    const [, affected] = await this.sequelize.query(statement, {
      replacements,
      type: QueryTypes.UPDATE,
      transaction: this.transaction,
    });
    return affected;
  }
}
