import type { Migration } from "./migration.js";

const ID = "CHAR(44) CHARACTER SET ascii COLLATE ascii_bin";

/** Instances in the archive whose identity cannot be read: kept apart from those that arrived, for a person to find. */
export const refusedInstances: Migration = {
  name: "0003-refused-instances",
  statements: [
    `CREATE TABLE IF NOT EXISTS refused_instance (
      orthanc_id ${ID} NOT NULL PRIMARY KEY,
      file_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
      reason VARCHAR(1024) NOT NULL,
      attempts INT NOT NULL DEFAULT 1,
      refused_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  ],
};
