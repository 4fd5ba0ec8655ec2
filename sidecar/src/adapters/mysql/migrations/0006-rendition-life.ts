import type { Migration } from "./migration.js";

/**
 * What becomes of renditions after they were made: when work on one may wait (`urgency`), when a backfill asked for it
 * again (`recalled_at`: retention counts from there), what its bytes are and when they were last checked.
 */
export const renditionLife: Migration = {
  name: "0006-rendition-life",
  statements: [
    "ALTER TABLE instance MODIFY rendition ENUM('pending','rendered','not-renderable','failed','dropped') NOT NULL DEFAULT 'pending'",
    // Of a statement that was carried out before, the database says that a column is there already: all or nothing.
    `ALTER TABLE instance
      ADD COLUMN urgency ENUM('live','background') NOT NULL DEFAULT 'live',
      ADD COLUMN rendition_md5 CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
      ADD COLUMN recalled_at DATETIME(3) NULL,
      ADD COLUMN verified_at DATETIME(3) NULL,
      ADD KEY by_urgency (rendition, urgency, arrived_at),
      ADD KEY by_format (rendition, rendition_format, rendition_bytes, pixel_bytes),
      ADD KEY by_verification (rendition, verified_at)`,
  ],
};
