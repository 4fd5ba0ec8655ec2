import type { Migration } from "./migration.js";

/** 55 characters of W3C Trace Context; whoever does not know the column leaves it empty. */
const TRACEPARENT = "traceparent CHAR(55) CHARACTER SET ascii COLLATE ascii_bin NULL";

/** Which trace a piece of work belongs to: it is resumed by another process in the same one. */
export const traces: Migration = {
  name: "0020-traces",
  bearsOlder: true,
  statements: ["instance", "analysis", "review", "outbox"].map(
    (table) => `ALTER TABLE ${table} ADD COLUMN ${TRACEPARENT}`,
  ),
};
