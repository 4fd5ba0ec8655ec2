import type { Transaction } from "sequelize";
import type { ClaimLimits, Holder } from "../../outbox/outbox-store.js";
import type { Statements } from "./statements.js";

/** Rows looked at in one claim; several may be of one aggregate. */
const ROWS = 100;

/** Of an aggregate, nothing is due before the first of its messages is. */
const DUE = `SELECT outbox.aggregate FROM outbox
  WHERE outbox.destination = :destination AND outbox.state = 'pending' AND outbox.next_attempt_at <= UTC_TIMESTAMP(3)
    AND NOT EXISTS (SELECT 1 FROM outbox_lease WHERE outbox_lease.destination = outbox.destination
      AND outbox_lease.aggregate = outbox.aggregate AND outbox_lease.expires_at > UTC_TIMESTAMP(3))
    AND NOT EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.destination = outbox.destination
      AND earlier.aggregate = outbox.aggregate AND earlier.state = 'pending' AND earlier.id < outbox.id
      AND earlier.next_attempt_at > UTC_TIMESTAMP(3))`;
const LONGEST_DUE_FIRST = `ORDER BY outbox.next_attempt_at, outbox.id LIMIT ${ROWS} FOR UPDATE SKIP LOCKED`;
const LEAST_TRIED_FIRST = "ORDER BY outbox.attempts, outbox.id LIMIT 1 FOR UPDATE SKIP LOCKED";

/** Leases aggregates; answers those that this holder has now. */
export function claimAggregates(
  statements: Statements,
  holder: Holder,
  { aggregates, leastTriedFirst, only }: ClaimLimits,
): Promise<string[]> {
  return statements.transaction(async (transaction) => {
    const due = await statements.select<{ aggregate: string }>(
      `${DUE} ${only === undefined ? "" : "AND outbox.aggregate = :only"} ${leastTriedFirst ? LEAST_TRIED_FIRST : LONGEST_DUE_FIRST}`,
      { ...holder, only },
      transaction,
    );
    const wanted = [...new Set(due.map(({ aggregate }) => aggregate))].slice(0, aggregates).sort();
    if (wanted.length === 0) return [];
    await lease(statements, holder, wanted, transaction);
    const held = await statements.select<{ aggregate: string }>(
      `SELECT aggregate FROM outbox_lease
       WHERE destination = :destination AND owner = :owner AND aggregate IN (:wanted) FOR UPDATE`,
      { ...holder, wanted },
      transaction,
    );
    return held.map(({ aggregate }) => aggregate);
  });
}

/** In one order everywhere: two who claim the same wait for each other and do not meet in a deadlock. */
async function lease(
  statements: Statements,
  { destination, owner, leaseSeconds }: Holder,
  wanted: readonly string[],
  transaction: Transaction,
): Promise<void> {
  const values: Record<string, unknown> = { destination, owner, leaseSeconds };
  const rows = wanted.map((aggregate, index) => {
    values[`aggregate${index}`] = aggregate;
    return `(:destination, :aggregate${index}, :owner, TIMESTAMPADD(SECOND, :leaseSeconds, UTC_TIMESTAMP(3)))`;
  });
  await statements.change(
    `INSERT INTO outbox_lease (destination, aggregate, owner, expires_at) VALUES ${rows.join(", ")}
     ON DUPLICATE KEY UPDATE owner = IF(expires_at <= UTC_TIMESTAMP(3), VALUES(owner), owner),
       expires_at = IF(owner = VALUES(owner), VALUES(expires_at), expires_at)`,
    values,
    transaction,
  );
}
