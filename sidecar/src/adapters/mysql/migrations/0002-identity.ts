import type { Migration } from "./migration.js";

const ID = "CHAR(44) CHARACTER SET ascii COLLATE ascii_bin";
const UID = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const CODE = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const HASH = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
/** `oidc:<issuer>#<sub>`: an issuer is a URL, a subject has at most 255 ASCII characters (OpenID Connect Core 2). */
const SUBJECT = "VARCHAR(768) CHARACTER SET ascii COLLATE ascii_bin";
const TEXT = "VARCHAR(1024)";
const INSTANT = "DATETIME(3)";
const TABLE = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

/**
 * Who may reach what: beside the first tables, which MySQL could not alter idempotently. Labels outlive a study row,
 * because Orthanc's overwriting deletes and re-creates the study.
 */
export const identity: Migration = {
  name: "0002-identity",
  statements: [
    `CREATE TABLE IF NOT EXISTS study_label (
      study_id ${ID} NOT NULL,
      label ${CODE} NOT NULL,
      PRIMARY KEY (study_id, label), KEY by_label (label)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS account_access (
      account_id BIGINT NOT NULL PRIMARY KEY,
      disabled BOOLEAN NOT NULL DEFAULT FALSE,
      labels TEXT NOT NULL,
      patient_id ${TEXT} NULL,
      issuer_of_patient_id ${TEXT} NULL,
      token_version INT NOT NULL DEFAULT 0,
      password_changed_at ${INSTANT} NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      CONSTRAINT access_of_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE CASCADE
    ) ${TABLE}`,
    // Accounts made before were administrators and doctors without any restriction.
    `INSERT IGNORE INTO account_access (account_id, labels) SELECT id, '["*"]' FROM account`,
    `CREATE TABLE IF NOT EXISTS api_key (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      name VARCHAR(255) NOT NULL,
      key_hash ${HASH} NOT NULL UNIQUE,
      permissions TEXT NOT NULL,
      labels TEXT NOT NULL,
      created_by ${SUBJECT} NOT NULL,
      created_at ${INSTANT} NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      expires_at ${INSTANT} NOT NULL,
      revoked_at ${INSTANT} NULL,
      last_used_at ${INSTANT} NULL
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS oauth_client (
      client_id ${CODE} NOT NULL PRIMARY KEY,
      name VARCHAR(255) NOT NULL,
      permissions TEXT NOT NULL,
      labels TEXT NOT NULL,
      jwks TEXT NULL,
      jwks_uri ${TEXT} NULL,
      created_by ${SUBJECT} NOT NULL,
      created_at ${INSTANT} NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      revoked_at ${INSTANT} NULL
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS client_assertion (
      client_id ${CODE} NOT NULL,
      jti_hash ${HASH} NOT NULL,
      expires_at ${INSTANT} NOT NULL,
      PRIMARY KEY (client_id, jti_hash), KEY by_expiry (expires_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS break_glass (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      subject ${SUBJECT} NOT NULL,
      display_name VARCHAR(255) NOT NULL,
      role ${CODE} NOT NULL,
      token_id VARCHAR(255) NOT NULL,
      study_instance_uid ${UID} NULL,
      patient_key ${HASH} NULL,
      reason ${TEXT} NOT NULL,
      source_address VARCHAR(64) NOT NULL,
      user_agent VARCHAR(512) NOT NULL,
      granted_at ${INSTANT} NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      expires_at ${INSTANT} NOT NULL,
      ended_at ${INSTANT} NULL,
      ended_by ${SUBJECT} NULL,
      acknowledged_at ${INSTANT} NULL,
      acknowledged_by ${SUBJECT} NULL,
      acknowledgement ${TEXT} NULL,
      KEY by_subject (subject, expires_at), KEY by_acknowledgement (acknowledged_at, granted_at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS share_link (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      token_hash ${HASH} NOT NULL UNIQUE,
      type ${CODE} NOT NULL,
      note VARCHAR(255) NOT NULL,
      permissions TEXT NOT NULL,
      created_by ${SUBJECT} NOT NULL,
      created_by_name VARCHAR(255) NOT NULL,
      created_at ${INSTANT} NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      expires_at ${INSTANT} NOT NULL,
      uses_allowed INT NULL,
      uses INT NOT NULL DEFAULT 0,
      last_used_at ${INSTANT} NULL,
      revoked_at ${INSTANT} NULL,
      revoked_by ${SUBJECT} NULL,
      KEY by_creator (created_by)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS share_link_study (
      share_link_id BIGINT NOT NULL,
      study_instance_uid ${UID} NOT NULL,
      PRIMARY KEY (share_link_id, study_instance_uid), KEY by_study (study_instance_uid),
      CONSTRAINT study_of_share_link FOREIGN KEY (share_link_id) REFERENCES share_link (id) ON DELETE CASCADE
    ) ${TABLE}`,
  ],
};
