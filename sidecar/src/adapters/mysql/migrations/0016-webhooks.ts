import type { Migration } from "./migration.js";

const CODE = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";

/** Who is told of events by an HTTP request of ours. Their messages are in `outbox`, the secrets here are sealed. */
export const webhooks: Migration = {
  name: "0016-webhooks",
  statements: [
    `CREATE TABLE IF NOT EXISTS webhook (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      url VARCHAR(2048) NOT NULL,
      description VARCHAR(255) NOT NULL,
      events TEXT NOT NULL,
      filter TEXT NOT NULL,
      sealed_secrets BLOB NOT NULL,
      enabled TINYINT(1) NOT NULL DEFAULT 1,
      disabled_code ${CODE} NULL,
      since_sequence BIGINT NOT NULL,
      failures INT NOT NULL DEFAULT 0,
      failing_since DATETIME(3) NULL,
      succeeded_at DATETIME(3) NULL,
      created_by VARCHAR(255) NOT NULL,
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      changed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
    "INSERT IGNORE INTO position_cursor (name, value) VALUES ('webhooks', 0)",
  ],
};
