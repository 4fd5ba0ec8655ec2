import type { Migration } from "./migration.js";

/** Answers of models that somebody asked for directly: kept for an hour, for the one who asked. */
export const directInference: Migration = {
  name: "0014-direct-inference",
  statements: [
    `CREATE TABLE IF NOT EXISTS direct_inference (
      id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      series_id CHAR(44) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      sop_instance_uid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
      model_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      model_version VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      requested_by VARCHAR(255) NOT NULL,
      state ENUM('queued','succeeded','failed') NOT NULL DEFAULT 'queued',
      code VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
      reason VARCHAR(1024) NULL,
      attempts INT NOT NULL DEFAULT 0,
      created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
      finished_at DATETIME(3) NULL,
      result LONGTEXT NULL,
      segmentation LONGBLOB NULL,
      attention LONGBLOB NULL,
      KEY by_state (state, created_at), KEY by_person (requested_by, state), KEY by_time (created_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  ],
};
