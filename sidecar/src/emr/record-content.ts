import type { ContentOf, RecordKind, RowOf } from "./records.js";

const ENVELOPE: ReadonlySet<string> = new Set([
  "id",
  "version",
  "createdAt",
  "createdBy",
  "updatedAt",
  "updatedBy",
  "patientKey",
  "mergedInto",
]);

/** What of a row is content: the rest is the database's. */
export function contentOf<Kind extends RecordKind>(row: RowOf[Kind]): ContentOf[Kind] {
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => !ENVELOPE.has(name)),
  ) as unknown as ContentOf[Kind];
}
