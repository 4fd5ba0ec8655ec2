import type { Migration } from "./migration.js";

/** Identifiers are ASCII and compared byte by byte; everything a person wrote is utf8mb4. */
const ID = "CHAR(44) CHARACTER SET ascii COLLATE ascii_bin";
const UID = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const CODE = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const HASH = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const TEXT = "VARCHAR(1024)";
const TABLE = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

/** DDL commits by itself in MySQL: each statement may find its work done by an attempt that was killed. */
export const firstTables: Migration = {
  name: "0001-first-tables",
  statements: [
    `CREATE TABLE IF NOT EXISTS study (
      orthanc_id ${ID} NOT NULL PRIMARY KEY,
      study_instance_uid ${UID} NOT NULL,
      patient_key ${HASH} NOT NULL,
      patient_id ${TEXT} NOT NULL,
      issuer_of_patient_id ${TEXT} NOT NULL,
      patient_name ${TEXT} NOT NULL,
      patient_birth_date VARCHAR(64) NOT NULL,
      patient_sex VARCHAR(64) NOT NULL,
      study_date VARCHAR(64) NOT NULL,
      study_time VARCHAR(64) NOT NULL,
      study_description ${TEXT} NOT NULL,
      accession_number VARCHAR(255) NOT NULL,
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      KEY by_uid (study_instance_uid), KEY by_patient (patient_key), KEY by_date (study_date, created_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS series (
      orthanc_id ${ID} NOT NULL PRIMARY KEY,
      study_id ${ID} NOT NULL,
      series_instance_uid ${UID} NOT NULL,
      modality VARCHAR(64) NOT NULL,
      series_number INT NULL,
      series_description ${TEXT} NOT NULL,
      body_part_examined VARCHAR(255) NOT NULL,
      state ENUM('receiving','stable') NOT NULL DEFAULT 'receiving',
      stable_due_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      KEY by_uid (series_instance_uid), KEY by_due (state, stable_due_at),
      CONSTRAINT series_of_study FOREIGN KEY (study_id) REFERENCES study (orthanc_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS instance (
      orthanc_id ${ID} NOT NULL PRIMARY KEY,
      series_id ${ID} NOT NULL,
      sop_instance_uid ${UID} NOT NULL,
      sop_class_uid ${UID} NOT NULL,
      file_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      transfer_syntax_uid ${UID} NOT NULL,
      instance_number INT NULL,
      number_of_frames INT NOT NULL,
      rendition ENUM('pending','rendered','not-renderable','failed') NOT NULL DEFAULT 'pending',
      reason ${TEXT} NULL,
      attempts INT NOT NULL DEFAULT 0,
      rendition_format INT NULL,
      rendition_bytes BIGINT NULL,
      pixel_bytes BIGINT NULL,
      arrived_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      rendered_at DATETIME(3) NULL,
      KEY by_uid (sop_instance_uid), KEY by_rendition (rendition, arrived_at),
      CONSTRAINT instance_of_series FOREIGN KEY (series_id) REFERENCES series (orthanc_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS analysis (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      series_id ${ID} NOT NULL,
      model_name ${CODE} NOT NULL,
      model_version ${CODE} NOT NULL,
      input_digest ${HASH} NOT NULL,
      state ENUM('queued','running','succeeded','failed','not-applicable') NOT NULL,
      code ${CODE} NULL,
      reason ${TEXT} NULL,
      attempts INT NOT NULL DEFAULT 0,
      queued_at DATETIME(3) NOT NULL,
      started_at DATETIME(3) NULL,
      finished_at DATETIME(3) NULL,
      result LONGTEXT NULL,
      UNIQUE KEY once_per_model (series_id, model_name, model_version), KEY by_state (state, queued_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS outbox (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      destination ${CODE} NOT NULL,
      aggregate ${HASH} NOT NULL,
      kind ${CODE} NOT NULL,
      subject ${CODE} NOT NULL,
      state ENUM('pending','delivered','failed') NOT NULL DEFAULT 'pending',
      attempts INT NOT NULL DEFAULT 0,
      next_attempt_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      last_error ${TEXT} NULL,
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      delivered_at DATETIME(3) NULL,
      KEY by_due (state, next_attempt_at), KEY by_aggregate (destination, aggregate, state, id), KEY by_subject (kind, subject, state)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS outbox_lease (
      destination ${CODE} NOT NULL,
      aggregate ${HASH} NOT NULL,
      owner ${CODE} NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      PRIMARY KEY (destination, aggregate)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS fhir_resource (
      kind ${CODE} NOT NULL,
      subject ${CODE} NOT NULL,
      resource_type ${CODE} NOT NULL,
      resource_id ${CODE} NOT NULL,
      synchronised_at DATETIME(3) NOT NULL,
      PRIMARY KEY (kind, subject, resource_type)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS event (
      sequence BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      event ${CODE} NOT NULL,
      study_instance_uid ${UID} NOT NULL,
      series_instance_uid ${UID} NULL,
      sop_instance_uid ${UID} NULL,
      data LONGTEXT NOT NULL,
      time DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      KEY by_time (time)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS position_cursor (
      name ${CODE} NOT NULL PRIMARY KEY,
      value BIGINT NOT NULL
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS account (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      username VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
      display_name VARCHAR(255) NOT NULL,
      role ${CODE} NOT NULL,
      password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      failed_logins INT NOT NULL DEFAULT 0,
      locked_until DATETIME(3) NULL,
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS refresh_token (
      token_hash ${HASH} NOT NULL PRIMARY KEY,
      family CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      account_id BIGINT NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      used_at DATETIME(3) NULL,
      KEY by_family (family), KEY by_expiry (expires_at),
      CONSTRAINT refresh_token_of_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
    ) ${TABLE}`,
  ],
};
