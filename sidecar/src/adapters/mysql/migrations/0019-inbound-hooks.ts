import type { Migration } from "./migration.js";

const ASCII = "CHARACTER SET ascii COLLATE ascii_bin";

/** Who may tell us things, and what they told. Secrets are sealed; what was said is dropped once it is done. */
export const inboundHooks: Migration = {
  name: "0019-inbound-hooks",
  bearsOlder: true,
  statements: [
    `CREATE TABLE IF NOT EXISTS hook_source (
      name VARCHAR(32) ${ASCII} NOT NULL PRIMARY KEY,
      description VARCHAR(255) NOT NULL,
      types TEXT NOT NULL,
      permissions TEXT NOT NULL,
      labels TEXT NOT NULL,
      issuer VARCHAR(64) NOT NULL,
      api_keys TEXT NOT NULL,
      sealed_secrets BLOB NOT NULL,
      enabled TINYINT(1) NOT NULL DEFAULT 1,
      created_by VARCHAR(255) NOT NULL,
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      changed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
    `CREATE TABLE IF NOT EXISTS hook_message (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      source VARCHAR(32) ${ASCII} NOT NULL,
      webhook_id VARCHAR(128) ${ASCII} NOT NULL,
      type VARCHAR(64) ${ASCII} NOT NULL,
      lane VARCHAR(64) ${ASCII} NOT NULL,
      body_hash CHAR(64) ${ASCII} NOT NULL,
      data MEDIUMTEXT NULL,
      address VARCHAR(64) NOT NULL,
      state VARCHAR(16) ${ASCII} NOT NULL DEFAULT 'pending',
      attempts INT NOT NULL DEFAULT 0,
      code VARCHAR(64) ${ASCII} NULL,
      reason VARCHAR(1000) NULL,
      result TEXT NULL,
      received_at DATETIME(3) NOT NULL,
      waiting_since DATETIME(3) NOT NULL,
      next_attempt_at DATETIME(3) NOT NULL,
      lease_owner CHAR(36) ${ASCII} NULL,
      lease_until DATETIME(3) NULL,
      ended_at DATETIME(3) NULL,
      kept_until DATETIME(3) NULL,
      UNIQUE KEY once (source, webhook_id),
      KEY due (state, next_attempt_at),
      KEY lane (source, lane, state, id),
      KEY kept (kept_until)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  ],
};
