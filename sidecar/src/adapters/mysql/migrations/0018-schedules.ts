import type { Migration } from "./migration.js";

/** When scheduled work was last done. */
export const schedules: Migration = {
  name: "0018-schedules",
  bearsOlder: true,
  statements: [
    `CREATE TABLE IF NOT EXISTS schedule_run (
      name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      done_slot DATETIME(3) NULL,
      started_at DATETIME(3) NOT NULL,
      ended_at DATETIME(3) NOT NULL,
      succeeded TINYINT(1) NOT NULL,
      runs BIGINT NOT NULL
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  ],
};
