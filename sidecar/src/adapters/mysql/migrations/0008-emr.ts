import type { Migration } from "./migration.js";

const ID = "CHAR(44) CHARACTER SET ascii COLLATE ascii_bin";
const UUID = "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin";
const CODE = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const HASH = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const SUBJECT = "VARCHAR(768) CHARACTER SET ascii COLLATE ascii_bin";
/** Compared byte by byte: two identifiers that differ in case only are two. */
const EXACT = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
const INSTANT = "DATETIME(3)";
const TABLE = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

/**
 * The EMR. A record is a row of `emr_record`, its content JSON; beside it stands what is searched by. Every version a
 * record ever had stays in `emr_version`. Nothing is deleted: what is wrong is `entered-in-error`.
 */
export const emr: Migration = {
  name: "0008-emr",
  statements: [
    `CREATE TABLE IF NOT EXISTS emr_record (
      number BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      id ${UUID} NOT NULL,
      kind ${CODE} NOT NULL,
      version INT NOT NULL,
      patient_id ${UUID} NOT NULL,
      encounter_id ${UUID} NULL,
      order_id ${UUID} NULL,
      status ${CODE} NOT NULL,
      category ${CODE} NULL,
      effective_at ${INSTANT} NULL,
      content LONGTEXT NOT NULL,
      created_at ${INSTANT} NOT NULL,
      created_by ${SUBJECT} NOT NULL,
      created_by_name VARCHAR(255) NOT NULL,
      updated_at ${INSTANT} NOT NULL,
      updated_by ${SUBJECT} NOT NULL,
      updated_by_name VARCHAR(255) NOT NULL,
      UNIQUE KEY by_id (id), KEY by_patient (patient_id, kind, number), KEY by_kind (kind, status, number),
      KEY by_time (kind, effective_at), KEY by_order (order_id), KEY by_encounter (encounter_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS emr_version (
      id ${UUID} NOT NULL,
      version INT NOT NULL,
      content LONGTEXT NOT NULL,
      recorded_at ${INSTANT} NOT NULL,
      recorded_by ${SUBJECT} NOT NULL,
      recorded_by_name VARCHAR(255) NOT NULL,
      PRIMARY KEY (id, version)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS emr_code (
      record_id ${UUID} NOT NULL,
      code_system VARCHAR(255) ${EXACT} NOT NULL,
      code VARCHAR(128) ${EXACT} NOT NULL,
      PRIMARY KEY (record_id, code_system, code), KEY by_code (code)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS emr_patient (
      id ${UUID} NOT NULL PRIMARY KEY,
      patient_key ${HASH} NOT NULL,
      merged_into ${UUID} NULL,
      name VARCHAR(1024) NOT NULL,
      birth_date CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
      KEY by_key (patient_key), KEY by_survivor (merged_into), KEY by_birth_date (birth_date)
    ) ${TABLE}`,
    // Hashes of name, birth date and sex, one for each way the name is written: who may be one person twice.
    `CREATE TABLE IF NOT EXISTS emr_likeness (
      likeness ${HASH} NOT NULL,
      patient_id ${UUID} NOT NULL,
      PRIMARY KEY (likeness, patient_id), KEY by_patient (patient_id)
    ) ${TABLE}`,
    // One row for each identifier of a patient that is not entered in error: the key is what refuses a second one.
    `CREATE TABLE IF NOT EXISTS emr_identifier (
      patient_key ${HASH} NOT NULL PRIMARY KEY,
      patient_id ${UUID} NOT NULL,
      issuer VARCHAR(255) ${EXACT} NOT NULL,
      value VARCHAR(255) ${EXACT} NOT NULL,
      KEY by_patient (patient_id), KEY by_value (value)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS emr_accession (
      issuer VARCHAR(64) ${EXACT} NOT NULL,
      accession_number VARCHAR(64) ${EXACT} NOT NULL,
      order_id ${UUID} NOT NULL,
      PRIMARY KEY (issuer, accession_number), KEY by_number (accession_number), KEY by_order (order_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS emr_idempotency (
      key_hash ${HASH} NOT NULL PRIMARY KEY,
      request_hash ${HASH} NOT NULL,
      answer LONGTEXT NOT NULL,
      created_at ${INSTANT} NOT NULL,
      KEY by_time (created_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS emr_merge (
      id ${UUID} NOT NULL PRIMARY KEY,
      merged_id ${UUID} NOT NULL,
      survivor_id ${UUID} NOT NULL,
      reason VARCHAR(1000) NOT NULL,
      merged_at ${INSTANT} NOT NULL,
      merged_by ${SUBJECT} NOT NULL,
      merged_by_name VARCHAR(255) NOT NULL,
      moved LONGTEXT NOT NULL,
      undone_at ${INSTANT} NULL,
      undone_by ${SUBJECT} NULL,
      undone_by_name VARCHAR(255) NULL,
      undone_reason VARCHAR(1000) NULL,
      KEY by_merged (merged_id, undone_at), KEY by_survivor (survivor_id, undone_at)
    ) ${TABLE}`,
    // Outlives the study's row, which Orthanc's overwriting deletes and makes again: a person's decision stays.
    `CREATE TABLE IF NOT EXISTS emr_study_link (
      study_id ${ID} NOT NULL PRIMARY KEY,
      due BOOLEAN NOT NULL DEFAULT TRUE,
      state ENUM('new','linked','unmatched','quarantined','rejected') NOT NULL DEFAULT 'new',
      patient_id ${UUID} NULL,
      order_ids TEXT NULL,
      facts ${HASH} NULL,
      decided_by ${SUBJECT} NULL,
      evaluated_at ${INSTANT} NULL,
      KEY by_due (due), KEY by_patient (patient_id)
    ) ${TABLE}`,
    "INSERT IGNORE INTO emr_study_link (study_id) SELECT orthanc_id FROM study",
    "ALTER TABLE study ADD KEY by_patient_id (patient_id(64)), ADD KEY by_accession_number (accession_number(64))",
    `CREATE TABLE IF NOT EXISTS emr_identity_item (
      number BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      id ${UUID} NOT NULL,
      kind ENUM('study','duplicate') NOT NULL,
      subject ${HASH} NOT NULL,
      study_id ${ID} NULL,
      reasons TEXT NOT NULL,
      candidates TEXT NOT NULL,
      facts ${HASH} NOT NULL,
      state ENUM('open','resolved') NOT NULL DEFAULT 'open',
      opened_at ${INSTANT} NOT NULL,
      resolution ${CODE} NULL,
      resolved_patient_id ${UUID} NULL,
      resolved_at ${INSTANT} NULL,
      resolved_by ${SUBJECT} NULL,
      resolved_by_name VARCHAR(255) NULL,
      comment VARCHAR(1000) NULL,
      UNIQUE KEY by_id (id), KEY by_state (state, number), UNIQUE KEY once (kind, subject)
    ) ${TABLE}`,
  ],
};
