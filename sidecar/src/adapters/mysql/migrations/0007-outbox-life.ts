import type { Migration } from "./migration.js";

const CODE = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const TABLE = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

/**
 * What becomes of messages: why one failed, with the destination's answer; when each subject was brought to each
 * destination last; which workers deliver, and how they find the destinations. `delivered_at` is the end of every
 * message that ended without failing.
 */
export const outboxLife: Migration = {
  name: "0007-outbox-life",
  statements: [
    "ALTER TABLE outbox MODIFY state ENUM('pending','delivered','failed','superseded','dropped') NOT NULL DEFAULT 'pending'",
    `ALTER TABLE outbox
      ADD COLUMN code ${CODE} NULL,
      ADD COLUMN outcome LONGTEXT NULL,
      ADD COLUMN attempted_at DATETIME(3) NULL,
      ADD COLUMN failed_at DATETIME(3) NULL,
      ADD COLUMN drop_reason VARCHAR(1024) NULL,
      ADD KEY by_destination_due (destination, state, next_attempt_at, id),
      ADD KEY by_end (state, delivered_at)`,
    `CREATE TABLE IF NOT EXISTS outbox_synchronised (
      destination ${CODE} NOT NULL,
      kind ${CODE} NOT NULL,
      subject ${CODE} NOT NULL,
      synchronised_at DATETIME(3) NOT NULL,
      PRIMARY KEY (destination, kind, subject)
    ) ${TABLE}`,
    `INSERT IGNORE INTO outbox_synchronised (destination, kind, subject, synchronised_at)
      SELECT destination, kind, subject, MAX(delivered_at) FROM outbox
      WHERE state = 'delivered' AND kind <> 'audit' AND delivered_at IS NOT NULL GROUP BY destination, kind, subject`,
    `CREATE TABLE IF NOT EXISTS outbox_worker (
      worker ${CODE} NOT NULL,
      destination ${CODE} NOT NULL,
      breaker ${CODE} NOT NULL,
      code ${CODE} NULL,
      since DATETIME(3) NOT NULL,
      seen_at DATETIME(3) NOT NULL,
      PRIMARY KEY (worker, destination)
    ) ${TABLE}`,
  ],
};
