import type { Migration } from "./migration.js";

/**
 * What people decided about models. `model_shelf` has one row: its generation grows when the folder of models is to be
 * read again, and every process looks at it. A shadow analysis has a row of its own beside the one that counts.
 */
export const models: Migration = {
  name: "0011-models",
  statements: [
    `CREATE TABLE IF NOT EXISTS model_mode (
      name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      version VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
      mode ENUM('enabled','disabled','shadow') NOT NULL,
      changed_by VARCHAR(255) NOT NULL,
      changed_at DATETIME(3) NOT NULL,
      PRIMARY KEY (name, version)
    ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`,
    "CREATE TABLE IF NOT EXISTS model_shelf (id TINYINT NOT NULL PRIMARY KEY, generation BIGINT NOT NULL) ENGINE=InnoDB",
    "INSERT IGNORE INTO model_shelf (id, generation) VALUES (1, 1)",
    `ALTER TABLE analysis
      ADD COLUMN shadow TINYINT(1) NOT NULL DEFAULT 0,
      DROP KEY once_per_model,
      ADD UNIQUE KEY once_per_model_and_mode (series_id, model_name, model_version, shadow)`,
  ],
};
