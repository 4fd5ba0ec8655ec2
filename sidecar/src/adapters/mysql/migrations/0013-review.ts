import type { Migration } from "./migration.js";

const CODE = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const UID = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const HASH = "CHAR(64) CHARACTER SET ascii COLLATE ascii_bin";
const SUBJECT = "VARCHAR(768) CHARACTER SET ascii COLLATE ascii_bin";
const TABLE = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4";

/**
 * What people decide about AI results. A row is one decision about one result; the unique key is what lets one of two
 * reviewers win. Rows outlive the analysis: they are what was decided. `result_object` keeps DICOM objects that are not
 * in the archive: results held for review, and corrected segmentations.
 */
export const review: Migration = {
  name: "0013-review",
  statements: [
    `CREATE TABLE IF NOT EXISTS review (
      id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
      analysis_id BIGINT NOT NULL,
      study_instance_uid ${UID} NOT NULL,
      model_name ${CODE} NOT NULL,
      model_version ${CODE} NOT NULL,
      report_sop_instance_uid ${UID} NOT NULL,
      decision ENUM('accepted','rejected','edited') NOT NULL,
      reason ${CODE} NULL,
      comment VARCHAR(2000) NULL,
      reviewer_subject ${SUBJECT} NOT NULL,
      reviewer_username VARCHAR(255) NOT NULL,
      reviewer_name VARCHAR(255) NOT NULL,
      reviewer_organisation VARCHAR(255) NOT NULL,
      decided_at DATETIME(3) NOT NULL,
      state ENUM('pending','applied','superseded','failed') NOT NULL DEFAULT 'pending',
      failure VARCHAR(1000) NULL,
      verified_sop_instance_uid ${UID} NULL,
      corrected_sop_instance_uid ${UID} NULL,
      original LONGTEXT NOT NULL,
      key_hash ${HASH} NULL,
      request_hash ${HASH} NULL,
      UNIQUE KEY once_per_result (analysis_id, report_sop_instance_uid), UNIQUE KEY once_per_key (key_hash),
      KEY by_state (state, id), KEY by_model (model_name, model_version, decision)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS result_object (
      analysis_id BIGINT NOT NULL,
      sop_instance_uid ${UID} NOT NULL,
      position INT NOT NULL,
      bytes MEDIUMBLOB NOT NULL,
      PRIMARY KEY (analysis_id, sop_instance_uid, position)
    ) ${TABLE}`,
  ],
};
