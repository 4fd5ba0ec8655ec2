import type { Migration } from "./migration.js";

/** The service user's tokens (encrypted, one row), what of ours OpenEMR has under which key, and what it told us. */
export const openEmr: Migration = {
  name: "0009-openemr",
  statements: [
    `CREATE TABLE IF NOT EXISTS openemr_token (
      name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      sealed VARBINARY(16000) NULL,
      changed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ENGINE=InnoDB`,
    "INSERT IGNORE INTO openemr_token (name, sealed) VALUES ('service-user', NULL)",
    // state: 'attempting' before a write that has no answer yet; 'unclear' once a person was told that it has none.
    `CREATE TABLE IF NOT EXISTS openemr_link (
      kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      subject VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      state ENUM('attempting','unclear','linked') NOT NULL,
      remote_key VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
      remote_pid VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
      digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
      synchronised_at DATETIME(3) NULL,
      PRIMARY KEY (kind, subject),
      UNIQUE KEY by_remote (kind, remote_key)
    ) ENGINE=InnoDB`,
    `CREATE TABLE IF NOT EXISTS openemr_patient (
      remote_uuid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      remote_pid VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      patient_key CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
      content MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
      digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      outcome ENUM('agrees','contradicts','unknown-here') NOT NULL,
      differing VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
      changed_at VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      fetched_at DATETIME(3) NOT NULL,
      KEY by_patient (patient_key),
      KEY by_outcome (outcome, fetched_at)
    ) ENGINE=InnoDB`,
    `CREATE TABLE IF NOT EXISTS openemr_cursor (
      name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      position VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
    ) ENGINE=InnoDB`,
  ],
};
