import type { Migration } from "./migration.js";

/**
 * An analysis as a job that people ask for, watch and cancel: who asked and how urgently, how many slices it has and
 * how far it is. `cancel_requested_at` is a wish: whoever works on it ends it as canceled, with nothing left behind.
 */
export const analysisJobs: Migration = {
  name: "0012-analysis-jobs",
  statements: [
    "ALTER TABLE analysis MODIFY state ENUM('queued','running','succeeded','failed','not-applicable','canceled') NOT NULL",
    `ALTER TABLE analysis
      ADD COLUMN priority ENUM('high','medium','low') NOT NULL DEFAULT 'medium',
      ADD COLUMN requested_by VARCHAR(255) NULL,
      ADD COLUMN slices INT NOT NULL DEFAULT 0,
      ADD COLUMN slices_done INT NOT NULL DEFAULT 0,
      ADD COLUMN interruptions INT NOT NULL DEFAULT 0,
      ADD COLUMN cancel_requested_at DATETIME(3) NULL,
      ADD COLUMN canceled_by VARCHAR(255) NULL,
      ADD KEY by_model (model_name, model_version, id)`,
  ],
};
