import type { Migration } from "./migration.js";

const UID = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const CODE = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const UUID = "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin";
const HASH = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const SUBJECT = "VARCHAR(768) CHARACTER SET ascii COLLATE ascii_bin";
/** Compared byte by byte: two patients whose identifiers differ in case only are two. */
const EXACT = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
const INSTANT = "DATETIME(3)";
const TABLE = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

/**
 * The audit trail. Rows of `audit_record` are only added; sealing fills the last four columns, once. What accesses in
 * progress have come to is in `audit_open` until a row of its own holds it.
 */
export const audit: Migration = {
  name: "0004-audit",
  statements: [
    `CREATE TABLE IF NOT EXISTS audit_record (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      access_id ${UUID} NOT NULL,
      closes BIGINT NULL,
      recorded_at ${INSTANT} NOT NULL,
      first_at ${INSTANT} NOT NULL,
      last_at ${INSTANT} NOT NULL,
      subject ${SUBJECT} NOT NULL,
      display_name VARCHAR(255) ${EXACT} NOT NULL,
      kind ${CODE} NOT NULL,
      role ${CODE} NULL,
      token_id VARCHAR(255) ${EXACT} NOT NULL,
      patient_id VARCHAR(1024) ${EXACT} NULL,
      issuer_of_patient_id VARCHAR(1024) ${EXACT} NULL,
      study_instance_uid ${UID} NULL,
      action ${CODE} NOT NULL,
      target VARCHAR(255) ${EXACT} NOT NULL,
      outcome ${CODE} NOT NULL,
      reason ${CODE} NULL,
      source_address ${CODE} NOT NULL,
      user_agent VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      break_glass_id BIGINT NULL,
      requests BIGINT NOT NULL,
      instances BIGINT NOT NULL,
      frames BIGINT NOT NULL,
      sequence BIGINT NULL,
      sealed_at ${INSTANT} NULL,
      previous_hash ${HASH} NULL,
      hash ${HASH} NULL,
      UNIQUE KEY by_sequence (sequence), UNIQUE KEY by_closes (closes), KEY by_access (access_id), KEY by_time (first_at),
      KEY by_subject (subject(128), id), KEY by_patient (patient_id(128), id), KEY by_study (study_instance_uid, id),
      KEY by_sealing (sealed_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS audit_open (
      access_id ${UUID} NOT NULL PRIMARY KEY,
      requests BIGINT NOT NULL,
      instances BIGINT NOT NULL,
      frames BIGINT NOT NULL,
      last_at ${INSTANT} NOT NULL,
      KEY by_time (last_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS audit_head (
      name ${CODE} NOT NULL PRIMARY KEY,
      sequence BIGINT NOT NULL,
      hash ${HASH} NOT NULL,
      sealed_at ${INSTANT} NULL
    ) ${TABLE}`,
    `INSERT IGNORE INTO audit_head (name, sequence, hash) VALUES ('chain', 0, '${"0".repeat(64)}')`,
  ],
};
