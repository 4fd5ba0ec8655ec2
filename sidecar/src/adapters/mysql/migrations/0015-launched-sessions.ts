import type { Migration } from "./migration.js";

const HASH = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";

/** Sessions that an EMR launched, and the launches that were used: none of the EMR's own tokens is kept. */
export const launchedSessions: Migration = {
  name: "0015-launched-sessions",
  statements: [
    `CREATE TABLE IF NOT EXISTS used_launch (
      state_hash ${HASH} NOT NULL PRIMARY KEY,
      kept_until DATETIME(3) NOT NULL,
      KEY by_time (kept_until)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
    `CREATE TABLE IF NOT EXISTS launched_session (
      id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      secret_hash ${HASH} NOT NULL,
      subject VARCHAR(768) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      display_name VARCHAR(255) NOT NULL,
      role VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      labels TEXT NOT NULL,
      patient_id VARCHAR(1024) NOT NULL,
      issuer_of_patient_id VARCHAR(1024) NOT NULL,
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      expires_at DATETIME(3) NOT NULL,
      KEY by_expiry (expires_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  ],
};
