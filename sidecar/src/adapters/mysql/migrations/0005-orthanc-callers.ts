import type { Migration } from "./migration.js";

/** Whose profile Orthanc's authorization plugin holds: rows of seconds, see orthanc-authorization/recent-callers.ts. */
export const orthancCallers: Migration = {
  name: "0005-orthanc-callers",
  statements: [
    `CREATE TABLE IF NOT EXISTS orthanc_caller (
      token_id VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
      identity TEXT NOT NULL,
      expires_at DATETIME(3) NOT NULL,
      seen_at DATETIME(3) NOT NULL,
      KEY by_time (seen_at)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`,
  ],
};
