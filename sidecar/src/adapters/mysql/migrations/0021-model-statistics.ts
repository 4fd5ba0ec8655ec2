import type { Migration } from "./migration.js";

const CODE = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin";

/**
 * What each version of a model did on each day (UTC). Counts and times alone: the rows outlive what they were counted
 * from. `waiting_since` is when an analysis was queued the last time, for its wait; `queued_at` is a date of its result.
 */
export const modelStatistics: Migration = {
  name: "0021-model-statistics",
  bearsOlder: true,
  statements: [
    `CREATE TABLE IF NOT EXISTS model_statistics (
      day DATE NOT NULL,
      model_name ${CODE} NOT NULL,
      model_version ${CODE} NOT NULL,
      succeeded INT NOT NULL,
      failed INT NOT NULL,
      canceled INT NOT NULL,
      not_applicable INT NOT NULL,
      failures TEXT NOT NULL,
      model_median_ms INT NULL,
      model_p95_ms INT NULL,
      wait_median_ms INT NULL,
      wait_p95_ms INT NULL,
      accepted INT NOT NULL,
      rejected INT NOT NULL,
      edited INT NOT NULL,
      counted_at DATETIME(3) NOT NULL,
      PRIMARY KEY (day, model_name, model_version), KEY by_model (model_name, day)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
    "ALTER TABLE analysis ADD COLUMN waiting_since DATETIME(3) NULL, ADD KEY by_end (finished_at)",
    "ALTER TABLE review ADD KEY by_time (decided_at)",
  ],
};
